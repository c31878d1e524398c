import { describe, expect, test } from "vitest";
import { expectAgreement, expectGone } from "../driver/divergence/agreement.js";
import type { Member } from "../driver/member.js";
import type { MixedNetwork } from "../driver/mixed-network.js";
import { packetsOf, type PacketLine } from "../driver/packet-line.js";
import type { Kind, Line } from "../driver/peer.js";
import { createGroup, withNetwork } from "./harness.js";

describe("Stewards on both implementations", () => {
  test.concurrent("commit concurrently, and all members merge the same commit", async () => {
    await withNetwork({}, async (network) => {
      const members = await createGroup(network, ["ts", "rust"]);
      // The names determine the epoch stewards: within these joins each implementation wins once.
      const winners = new Set<Kind>();
      for (const kind of ["rust", "ts", "rust", "ts"] as const) {
        const since = members.map(({ lines }) => lines.length);
        const joiner = await network.addJoiner(`${kind}-joiner${members.length}`, kind);
        await expectAgreement(network, [...members, joiner]);
        const sent = members.map((member, index) => member.lines.slice(since[index]));
        const contestants = members.filter((_, index) => candidates(sent[index] ?? []).length > 0);
        const winner = members.find((_, index) => welcomes(sent[index] ?? []).length > 0);
        const isContest = new Set(contestants.map((member) => member.kind)).size === 2;
        if (isContest && winner !== undefined) winners.add(winner.kind);
        members.push(joiner);
      }
      expect([...winners].sort()).toEqual(["rust", "ts"]);
    });
  });

  test.concurrent.each<{ proposer: Kind; others: Kind }>([
    { proposer: "ts", others: "rust" },
    { proposer: "rust", others: "ts" },
  ])("are elected on a proposal of $proposer when the list is exhausted", async ({ proposer, others }) => {
    await withNetwork({ config: { sn_max: 1 } }, async (network) => {
      // One steward for one epoch: every commit exhausts the list, and its committer proposes the next.
      const members = await createGroup(network, [proposer, others, proposer, others]);
      const lists = await Promise.all(members.map((member) => network.state(member)));
      expect(lists.map((state) => state?.steward_list?.members.length)).toEqual([1, 1, 1, 1]);
      const elections = members.flatMap((member) => proposals(member.lines, "steward_election"));
      expect(elections.length).toBeGreaterThanOrEqual(3);
      expect(elections.some(({ user }) => user.startsWith(proposer))).toBe(true);
    });
  });

  test.concurrent.each<{ committers: Kind; joiner: Kind }>([
    { committers: "ts", joiner: "rust" },
    { committers: "rust", joiner: "ts" },
  ])("of $committers send the current list to a joiner of $joiner", async ({ committers, joiner }) => {
    await withNetwork({ config: { sn_max: 4 } }, async (network) => {
      const members = await createGroup(network, [committers, committers]);
      // The list of two stewards covers two epochs. No election is due, so that the joiner can know the list only from
      // the ConversationSync.
      const elections = (): number =>
        members.flatMap((member) => proposals(member.lines, "steward_election")).length;
      const before = elections();
      const newcomer = await network.addJoiner("newcomer", joiner);
      await expectAgreement(network, [...members, newcomer]);
      expect(elections()).toBe(before);
      const told = network.deliveries.some(
        ({ packet, from, to }) =>
          to === newcomer && from.kind === committers && kindOf(packet) === "conversation_sync",
      );
      expect(told).toBe(true);
    });
  });

  test.concurrent.each<{ kinds: readonly Kind[]; banned: Kind }>([
    { kinds: ["ts", "rust", "ts", "rust"], banned: "rust" },
    { kinds: ["rust", "ts", "rust", "ts"], banned: "ts" },
  ])("commit the ban of the epoch steward, of $banned, by another of $kinds", async ({ kinds, banned }) => {
    await withNetwork({}, async (network) => {
      let members = await createGroup(network, kinds);
      let steward = await epochSteward(network, members);
      for (let joined = 0; steward.kind !== banned && joined < 6; joined++) {
        // The epoch steward rotates with the epochs.
        members = [...members, await network.addJoiner(`joiner${joined}`, banned)];
        await expectAgreement(network, members);
        steward = await epochSteward(network, members);
      }
      expect(steward.kind).toBe(banned);
      const staying = members.filter((member) => member !== steward);
      const since = new Map(members.map((member) => [member, member.lines.length]));
      await network.call(staying[0] as Member, "ban_request", { identity_hex: steward.identity });
      await expectGone(network, steward);
      await expectAgreement(network, staying);
      const committers = members.filter(
        (member) => candidates(member.lines.slice(since.get(member))).length > 0,
      );
      expect(committers).not.toContain(steward);
      expect(committers.length).toBeGreaterThan(0);
    });
  });
});

async function epochSteward(network: MixedNetwork, members: readonly Member[]): Promise<Member> {
  const state = await network.state(members[0] as Member);
  const id = state?.members.find(({ role }) => role?.toLowerCase().startsWith("epoch"))?.id;
  const steward = members.find(({ identity }) => identity === id);
  if (steward === undefined) throw new Error(`There is no epoch steward: ${JSON.stringify(state?.members)}`);
  return steward;
}

/** The decoded view of a packet, from its sender. */
function kindOf({ meaning }: PacketLine): string | undefined {
  return (meaning as { kind?: string } | null)?.kind;
}

function candidates(lines: readonly Line[]): readonly PacketLine[] {
  return packetsOf(lines).filter((packet) => kindOf(packet) === "commit_candidate");
}

function welcomes(lines: readonly Line[]): readonly PacketLine[] {
  return packetsOf(lines).filter((packet) => kindOf(packet) === "invitation_to_join");
}

/** Packets that open a vote on a request of this kind. */
function proposals(lines: readonly Line[], update: string): readonly PacketLine[] {
  return packetsOf(lines).filter(({ meaning }) => {
    const view = meaning as { proposal?: { decoded_payload?: { kind?: string } } } | null;
    return view?.proposal?.decoded_payload?.kind === update;
  });
}
