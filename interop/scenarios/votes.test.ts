import { describe, expect, test } from "vitest";
import { expectAgreement, expectGone, expectLine } from "../driver/agreement.js";
import { askedToVote } from "../driver/lost-packets.js";
import type { Kind, Line } from "../driver/peer.js";
import type { Member, World } from "../driver/world.js";
import { grow, inWorld } from "./growing.js";

describe("votes by hand", () => {
  test.concurrent.each<{ kinds: readonly Kind[] }>([
    { kinds: ["ts", "rust", "ts"] },
    { kinds: ["rust", "ts", "rust"] },
  ])("of all of $kinds let a joiner in", async ({ kinds }) => {
    await inWorld({}, async (world) => {
      const members = await grow(world, kinds);
      const joiner = await askToJoinBeforeHands(world, members, "rust", true);
      await expectAgreement(world, [...members, joiner]);
    });
  });

  test.concurrent.each<{ kinds: readonly Kind[] }>([
    { kinds: ["ts", "rust", "ts"] },
    { kinds: ["rust", "ts", "rust"] },
  ])("of all of $kinds keep a joiner out", async ({ kinds }) => {
    await inWorld({}, async (world) => {
      const members = await grow(world, kinds);
      const joiner = await askToJoinBeforeHands(world, members, "ts", false);
      for (const member of members) {
        await expectLine(world, member, 0, (line) => (saysNo(line) ? true : undefined));
      }
      await expectAgreement(world, members);
      expect((await world.state(joiner))?.state).toBe("PendingJoin");
    });
  });

  test.concurrent.each<{ kinds: readonly Kind[]; against: number }>([
    { kinds: ["ts", "rust", "ts", "rust"], against: 1 },
    { kinds: ["rust", "ts", "rust", "ts"], against: 1 },
  ])("decide a ban against one no: $kinds", async ({ kinds, against }) => {
    await inWorld({}, async (world) => {
      const members = await grow(world, kinds);
      const banned = members.at(-1) as Member;
      const asker = members[0] as Member;
      const since = members.map(({ lines }) => lines.length);
      await world.call(asker, "ban_request", { identity_hex: banned.identity });
      const objector = members[against] as Member;
      await voteByHand(world, objector, since[against] ?? 0, false);
      await expectGone(world, banned);
      await expectAgreement(world, members.slice(0, -1));
    });
  });
});

/** Lets someone ask to join and every member vote on it by hand, before any timer does. */
async function askToJoinBeforeHands(
  world: World,
  members: readonly Member[],
  kind: Kind,
  vote: boolean,
): Promise<Member> {
  const since = members.map(({ lines }) => lines.length);
  const joiner = await world.addJoiner("joiner", kind);
  await Promise.all(members.map((member, index) => voteByHand(world, member, since[index] ?? 0, vote)));
  return joiner;
}

async function voteByHand(world: World, member: Member, since: number, vote: boolean): Promise<void> {
  const proposalId = await expectLine(world, member, since, askedToVote);
  await world.call(member, "vote", { proposal_id: proposalId, vote });
}

function saysNo(line: Line): boolean {
  return line["type"] === "consensus" && (line["outcome"] as { result?: boolean }).result === false;
}
