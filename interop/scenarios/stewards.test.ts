import { describe, expect, test } from "vitest";
import { expectAgreement, expectGone } from "../driver/agreement.js";
import { packetsOf, type PacketLine } from "../driver/network.js";
import type { Kind } from "../driver/peer.js";
import type { Member } from "../driver/world.js";
import { grow, inWorld } from "./growing.js";

describe("stewards of both kinds", () => {
  test.concurrent.each<{ kinds: readonly Kind[] }>([
    { kinds: ["ts", "rust", "ts"] },
    { kinds: ["rust", "ts", "rust"] },
  ])("commit against each other, and $kinds all merge the same commit", async ({ kinds }) => {
    await inWorld({}, async (world) => {
      const members = await grow(world, kinds);
      // Two of the three are stewards, and one of the kinds has only one member.
      const since = members.map(({ lines }) => lines.length);
      const joiner = await world.addJoiner("joiner", kinds[1] as Kind);
      await expectAgreement(world, [...members, joiner]);
      const candidates = members.map((member, index) => candidatesOf(member, since[index] ?? 0).length);
      expect(candidates.filter((count) => count > 0).length).toBeGreaterThanOrEqual(2);
    });
  });

  test.concurrent.each<{ proposer: Kind; others: Kind }>([
    { proposer: "ts", others: "rust" },
    { proposer: "rust", others: "ts" },
  ])("are elected at the wish of $proposer when the list is exhausted", async ({ proposer, others }) => {
    await inWorld({ config: { sn_max: 1 } }, async (world) => {
      // One steward for one epoch: every commit exhausts the list, and its committer proposes the next.
      const members = await grow(world, [proposer, others, proposer, others]);
      const lists = await Promise.all(members.map((member) => world.state(member)));
      expect(lists.map((state) => state?.steward_list?.members.length)).toEqual([1, 1, 1, 1]);
      const elections = members.flatMap((member) => proposals(member, "steward_election"));
      expect(elections.length).toBeGreaterThanOrEqual(3);
      expect(elections.some(({ user }) => user.startsWith(proposer))).toBe(true);
    });
  });

  test.concurrent.each<{ committers: Kind; joiner: Kind }>([
    { committers: "ts", joiner: "rust" },
    { committers: "rust", joiner: "ts" },
  ])("of $committers tell a joiner of $joiner the list in force", async ({ committers, joiner }) => {
    await inWorld({ config: { sn_max: 4 } }, async (world) => {
      const members = await grow(world, [committers, committers]);
      // The list of two stewards serves for two epochs: no election is due, so that only the ConversationSync can have told the newcomer.
      const before = members.map((member) => proposals(member, "steward_election").length);
      const newcomer = await world.addJoiner("newcomer", joiner);
      await expectAgreement(world, [...members, newcomer]);
      const after = members.map((member) => proposals(member, "steward_election").length);
      expect(after).toEqual(before);
      expect((await world.state(newcomer))?.steward_list?.has_list).toBe(true);
    });
  });

  test.concurrent.each<{ kinds: readonly Kind[]; banned: Kind }>([
    { kinds: ["ts", "rust", "ts", "rust"], banned: "rust" },
    { kinds: ["rust", "ts", "rust", "ts"], banned: "ts" },
  ])("ban the epoch steward, of $banned: the backup of $kinds commits", async ({ kinds, banned }) => {
    await inWorld({}, async (world) => {
      const members = await grow(world, kinds);
      const states = await Promise.all(members.map((member) => world.state(member)));
      const steward = members.find((member, index) => member.kind === banned && states[index]?.is_steward);
      if (steward === undefined) return;
      const staying = members.filter((member) => member !== steward);
      await world.call(staying[0] as Member, "ban_request", { identity_hex: steward.identity });
      await expectGone(world, steward);
      await expectAgreement(world, staying);
    });
  });
});

/** The packets of a member, after its first `since` lines, that carry a commit candidate. */
function candidatesOf(member: Member, since: number): readonly PacketLine[] {
  return packetsOf(member.lines.slice(since)).filter(
    ({ meaning }) => (meaning as { kind?: string } | null)?.kind === "commit_candidate",
  );
}

/** The packets of a member that open a vote on an update of this kind. */
function proposals(member: Member, kind: string): readonly PacketLine[] {
  return packetsOf(member.lines).filter(({ meaning }) => {
    const view = meaning as { kind?: string; proposal?: { decoded_payload?: { kind?: string } } } | null;
    return view?.kind === "proposal" && view.proposal?.decoded_payload?.kind === kind;
  });
}
