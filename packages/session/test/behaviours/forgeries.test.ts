import { createEthereumSigner } from "@demls/consensus";
import { createSeededRandom } from "@demls/testkit";
import { encodeAppMessage } from "@demls/wire";
import { memberIdFromBytes, memberIdToBytes, utf8ToBytes } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import { loadVectors } from "../../../../vectors/load.js";
import { removeRequest, type ChangeRequest } from "../../src/model/request.js";
import {
  advance,
  castOf,
  epochStewardOf,
  eventsOf,
  forgedProposal,
  GARDEN,
  gather,
  join,
  packetOf,
  propose,
  receive,
  scoreOf,
  sealed,
  sendUnchecked,
  settle,
  shareEpoch,
  signedVote,
  stewardsOf,
  until,
  type Member,
  type World,
} from "../harness/index.js";
import { probeAt, recordedSettings, type Behaviours, type RecordedMember } from "./probes.js";

const recorded = loadVectors<Behaviours>("11_behaviours.json");
const settings = recordedSettings(recorded);

test("three candidates that a stranger forges cost the steward they name nothing, and start no freeze (W5)", async () => {
  const probe = probeAt<{
    readonly scores_before: Readonly<Record<string, number>>;
    readonly inbound_result: boolean;
    readonly other_phases: readonly string[];
    readonly alice_phases: readonly string[];
    readonly epoch_steward: string;
    readonly delivered_to: string;
    readonly stewards: readonly string[];
    readonly bob: RecordedMember;
    readonly alice: RecordedMember;
    readonly dave: RecordedMember;
  }>(
    recorded,
    6,
    "three forged plaintext CommitCandidates from a stranger, claiming the epoch steward, delivered to the other member only",
  );
  expect([probe.epoch_steward, probe.delivered_to, probe.stewards]).toEqual([
    "alice",
    "bob",
    ["alice", "bob"],
  ]);
  expect(probe.inbound_result).toBe(true);
  // The score changes of one own commit and three lost candidates; the other members see only the commit.
  expect([probe.scores_before["alice"], probe.bob.scores["alice"], probe.alice.scores["alice"]]).toEqual([
    110, 30, 120,
  ]);
  expect(probe.other_phases).toEqual(probe.alice_phases);

  const { world } = await gather(["alice", "bob"], { ...settings, seed: "forged" });
  const members = [...world.members];
  const steward = epochStewardOf(world, members[0] as Member);
  const other = members.find((member) => member !== steward) as Member;
  const dave = await join(world, "dave");
  await until(world, () => members.every(({ state }) => state.changes.approved.length === 1));
  const before = scoreOf(other, steward) ?? 0n;
  const random = createSeededRandom("stranger");
  for (let i = 0; i < 3; i++) {
    const candidate = {
      conversationName: utf8ToBytes(GARDEN),
      mlsProposals: [random.bytes(200)],
      commitMessage: random.bytes(400),
      stewardIdentity: memberIdToBytes(steward.id),
    };
    const forged = packetOf(dave, encodeAppMessage({ kind: "commit_candidate", candidate }));
    expect(await receive(world, other, forged)).toMatchObject({ kind: "rejected" });
  }
  expect([other.state.phase, scoreOf(other, steward)]).toEqual(["working", before]);
  await until(world, () => dave.state.phase === "working");
  await settle(world);
  expect(scoreOf(other, steward)).toBe(scoreOf(steward, steward));
  expect(shareEpoch(world.members)).toBe(true);
});

test("a member's votes under three fresh keys decide nothing, and the members' own do (W1)", async () => {
  const probe = probeAt<{
    readonly inbound: readonly string[];
    readonly outcomes: Readonly<Record<string, readonly (readonly [string, boolean])[]>>;
    readonly session_state: string;
    readonly votes: number;
  }>(
    recorded,
    7,
    "one member casts NO votes with three freshly minted Ethereum keys (3 expected voters, nobody else voted)",
  );
  expect(probe.inbound.every((result) => result === "ok")).toBe(true);
  expect([probe.session_state, probe.votes]).toEqual(["no", 2]);
  expect(probe.outcomes["alice"]?.[0]).toEqual(["reached", false]);

  const { world, members } = await gather(["alice", "bob", "carol"], { ...settings, seed: "fresh keys" });
  const [alice, bob, carol] = members as [Member, Member, Member];
  const id = await propose(world, alice, removeRequest(bob.id), "deferred");
  await settle(world);
  const proposal = alice.plugins.consensus.tally(alice.state.votes.sessions, id)?.proposal;
  if (proposal === undefined) throw new Error("There is no such vote.");
  for (let i = 0; i < 3; i++) {
    const minted = createEthereumSigner(createSeededRandom(`minted ${i}`).bytes(32));
    const packet = await sealed(carol, {
      kind: "vote",
      vote: await signedVote(world, minted, proposal, false),
    });
    for (const member of [alice, bob]) {
      expect(await receive(world, member, packet)).toMatchObject({
        kind: "rejected",
        reason: "foreign-vote",
      });
    }
  }
  await advance(world, 2_000);
  for (const member of members) {
    expect(eventsOf(member, "proposalDecided").find(({ proposalId }) => proposalId === id)?.result).toBe(
      "yes",
    );
  }
});

describe("a ban of a non-member (W9)", () => {
  const probe = probeAt<{
    readonly reply: string;
    readonly alice: RecordedMember;
    readonly alice_phases: readonly string[];
    readonly later_join_of_dave: { readonly dave: null; readonly alice: RecordedMember };
  }>(recorded, 8, "ban request for an identity that is not a member");

  test("is rejected for its proposer and voted down if sent anyway; in 3.0.0 no member could join after it", async () => {
    expect(probe.reply).toBe("ok");
    expect(probe.alice.approved).toEqual(["remove_member"]);
    expect(probe.alice_phases.filter((phase) => phase === "Reelection")).toHaveLength(2);
    expect(probe.later_join_of_dave.dave).toBeNull();

    const { world, members } = await gather(["alice", "bob"], { ...settings, seed: "no member" });
    const [alice, bob] = members as [Member, Member];
    const nobody = removeRequest(memberIdFromBytes(new Uint8Array(20).fill(0x77)));
    await expect(propose(world, alice, nobody)).rejects.toMatchObject({ code: "not-a-member" });
    await sendUnchecked(world, alice, { kind: "proposal", proposal: forgedProposal(world, alice, nobody) });
    await settle(world);
    expect(eventsOf(bob, "voteRequested").at(-1)?.defaultVote).toBe(false);
    await advance(world, 3_000);
    expect(bob.state.changes.approved).toEqual([]);
    const dave = await join(world, "dave");
    await until(world, () => dave.state.phase === "working");
    await settle(world);
    expect(shareEpoch([alice, bob, dave])).toBe(true);
  });
});

describe("an election of oneself, a hundred epochs on (W7)", () => {
  const probe = probeAt<{
    readonly before: readonly string[];
    readonly rogue: string;
    readonly reply: string;
    readonly lists: Readonly<Record<string, readonly (string | number)[]>>;
    readonly roles: Readonly<Record<string, string>>;
  }>(
    recorded,
    23,
    "a non-steward proposes an election of only itself for epoch 100 while the list is still valid; others auto-vote YES",
  );
  const after = probeAt<{
    readonly dave: null;
    readonly alice: RecordedMember;
    readonly pending: number;
  }>(recorded, 24, "... then dave asks to join");

  const ownElection = (rogue: Member): ChangeRequest => ({
    kind: "electStewards",
    stewards: [rogue.id],
    electionEpoch: 100n,
    retryRound: 0,
  });

  /** A group in which a member that is not a steward proposes itself, and the default votes of the others. */
  async function usurp(names: readonly string[], seed: string): Promise<{ world: World; rogue: Member }> {
    const { world } = await gather(names, { ...settings, seed });
    const [rogue] = castOf(world).others;
    await propose(world, rogue, ownElection(rogue));
    await settle(world);
    for (const member of world.members) {
      if (member === rogue) continue;
      expect(eventsOf(member, "voteRequested").at(-1)).toMatchObject({
        proposer: rogue.id,
        defaultVote: false,
      });
    }
    await advance(world, 3_000);
    return { world, rogue };
  }

  test("of three is decided early, by its own yes and one no: in force everywhere, as recorded, till others elect", async () => {
    expect([probe.reply, probe.rogue, probe.before]).toEqual(["ok", "carol", ["alice", "bob"]]);
    expect(new Set(Object.values(probe.lists).map((list) => list.join()))).toEqual(new Set(["carol,100"]));
    expect(probe.roles).toEqual({ alice: "member", bob: "member", carol: "steward" });
    const { world, rogue } = await usurp(["alice", "bob", "carol"], "rogue of three");
    // A list for a later epoch has no steward for this one, so a fallback proposer proposes the derived list (W24).
    await until(world, () => world.members.every((member) => stewardsOf(member).length === 2));
    for (const member of world.members) {
      const lists = eventsOf(member, "stewardsChanged").map(({ stewards }) => stewards);
      expect(lists.slice(-2)).toEqual([[rogue.id], stewardsOf(member)]);
    }
  });

  test("of four is voted down, and a later joiner is added; in 3.0.0 none was", async () => {
    expect([after.dave, after.pending, after.alice.members.length]).toEqual([null, 1, 3]);
    const { world, rogue } = await usurp(["alice", "bob", "carol", "erin"], "rogue of four");
    for (const member of world.members) expect(stewardsOf(member)).not.toContain(rogue.id);
    const dave = await join(world, "dave");
    await until(world, () => dave.state.phase === "working");
    await settle(world);
    expect(shareEpoch(world.members)).toBe(true);
  });
});
