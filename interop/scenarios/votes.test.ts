import { describe, expect, test } from "vitest";
import { expectAgreement, expectGone, expectLine } from "../driver/divergence/agreement.js";
import type { Member } from "../driver/member.js";
import type { MixedNetwork } from "../driver/mixed-network.js";
import type { Kind, Line } from "../driver/peer.js";
import { requestedVote } from "../driver/vote-request.js";
import { createGroup, withNetwork } from "./harness.js";

describe("Manual votes", () => {
  test.concurrent.each<{ kinds: readonly Kind[] }>([
    { kinds: ["ts", "rust", "ts"] },
    { kinds: ["rust", "ts", "rust"] },
  ])("of $kinds admit a joiner", async ({ kinds }) => {
    await withNetwork({}, async (network) => {
      const members = await createGroup(network, kinds);
      const { joiner } = await askToJoinBeforeHands(network, members, "rust", true);
      await expectAgreement(network, [...members, joiner]);
    });
  });

  test.concurrent.each<{ kinds: readonly Kind[] }>([
    { kinds: ["ts", "rust", "ts"] },
    { kinds: ["rust", "ts", "rust"] },
  ])("of $kinds reject a joiner", async ({ kinds }) => {
    await withNetwork({}, async (network) => {
      const members = await createGroup(network, kinds);
      const { joiner, proposalId } = await askToJoinBeforeHands(network, members, "ts", false);
      for (const member of members) {
        expect(await expectLine(network, member, 0, (line) => resultOf(line, proposalId))).toBe(false);
      }
      await expectAgreement(network, members);
      expect((await network.state(joiner))?.state).toBe("PendingJoin");
    });
  });

  test.concurrent.each<{ kinds: readonly Kind[] }>([
    { kinds: ["ts", "rust", "ts", "rust"] },
    { kinds: ["rust", "ts", "rust", "ts"] },
  ])("decide a ban against the no vote of the banned member: $kinds", async ({ kinds }) => {
    await withNetwork({}, async (network) => {
      const members = await createGroup(network, kinds);
      const banned = members.at(-1) as Member;
      const asker = members[0] as Member;
      const since = banned.lines.length;
      await network.call(asker, "ban_request", { identity_hex: banned.identity });
      await voteByHand(network, banned, since, false);
      await expectGone(network, banned);
      await expectAgreement(network, members.slice(0, -1));
    });
  });
});

/** Starts a join, on which every member votes by hand before any timer. */
async function askToJoinBeforeHands(
  network: MixedNetwork,
  members: readonly Member[],
  kind: Kind,
  vote: boolean,
): Promise<{ joiner: Member; proposalId: number }> {
  const since = members.map(({ lines }) => lines.length);
  const joiner = await network.addJoiner("joiner", kind);
  const votedOn = await Promise.all(
    members.map((member, index) => voteByHand(network, member, since[index] ?? 0, vote)),
  );
  expect(new Set(votedOn).size).toBe(1);
  return { joiner, proposalId: votedOn[0] as number };
}

async function voteByHand(
  network: MixedNetwork,
  member: Member,
  since: number,
  vote: boolean,
): Promise<number> {
  const proposalId = await expectLine(network, member, since, requestedVote);
  await network.call(member, "vote", { proposal_id: proposalId, vote });
  return proposalId;
}

/** The result of a proposal in a line. */
function resultOf(line: Line, proposalId: number): boolean | undefined {
  const outcome = line["outcome"] as { proposal_id: number; result?: boolean } | undefined;
  return line.type === "consensus" && outcome?.proposal_id === proposalId ? outcome.result : undefined;
}
