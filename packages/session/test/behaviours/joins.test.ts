import { describe, expect, test } from "vitest";
import { loadVectors } from "../../../../vectors/load.js";
import {
  advance,
  announce,
  broadcast,
  create,
  createWorld,
  defaultVotesOf,
  enter,
  eventsOf,
  gather,
  join,
  keyPackagePacket,
  type Member,
  settle,
  shareEpoch,
  until,
  vote,
  type World,
} from "../harness/index.js";
import { probeAt, recordedSettings, type Behaviours, type RecordedMember } from "./probes.js";

const recorded = loadVectors<Behaviours>("11_behaviours.json");
const settings = recordedSettings(recorded);

interface Twice {
  readonly alice_mid: RecordedMember;
  readonly alice: RecordedMember;
  readonly bob: RecordedMember | null;
}

async function alone(seed: string): Promise<{ world: World; alice: Member }> {
  const world = createWorld({ ...settings, seed });
  return { world, alice: await create(world, "alice") };
}

const invitations = (member: Member): number =>
  eventsOf(member, "voteRequested").filter(({ request }) => request.kind === "add").length;

describe("fourteen joiners at once (W11)", () => {
  const probe = probeAt<{
    readonly sessions_kept: number;
    readonly approved_after_vote: number;
    readonly joined: number;
    readonly alice: RecordedMember;
    readonly pending: number;
  }>(recorded, 4, "14 joiners send key packages within the voting window");

  test("all join, as recorded, and no vote evicts another", async () => {
    const { world, alice } = await alone("fourteen");
    const joiners: Member[] = [];
    for (let i = 0; i < probe.joined; i++) joiners.push(await join(world, `j${i}`));
    await settle(world);
    const open = alice.plugins.consensus.proposals(alice.state.votes.sessions);
    expect(open).toHaveLength(probe.sessions_kept);
    await until(world, () => joiners.every(({ state }) => state.phase === "working" && state.sync.synced));
    await advance(world, 2_000);
    expect(alice.state.group?.members).toHaveLength(probe.alice.members.length);
    expect(alice.state.changes.pending.size).toBe(probe.pending);
    // In 3.0.0 four votes were evicted, and their joiners were added by a second commit.
    expect([probe.approved_after_vote, probe.alice.epoch]).toEqual([10, 2]);
    const results = eventsOf(alice, "proposalDecided").map(({ result }) => result);
    expect(results.filter((result) => result !== "yes")).toEqual([]);
    expect(shareEpoch(world.members)).toBe(true);
  });
});

describe("one joiner, twice", () => {
  test("with two key packages is added with the first (W10): 3.0.0 approved both and could not commit again", async () => {
    const probe = probeAt<Twice>(recorded, 9, "joiner sends two key packages before being added");
    expect(probe.alice.approved).toEqual(["invite_member", "invite_member"]);
    expect(probe.bob).toBeNull();
    const { world, alice } = await alone("two key packages");
    const bob = await join(world, "bob");
    await announce(world, bob);
    await until(world, () => bob.state.phase === "working");
    expect(invitations(alice)).toBe(1);
    expect(shareEpoch([alice, bob])).toBe(true);
  });

  test("with the same key package is added with one vote, where 3.0.0 opened two", async () => {
    const probe = probeAt<Twice>(recorded, 10, "the same key package delivered twice (as gossip does)");
    expect(probe.alice_mid.approved).toHaveLength(2);
    const { world, alice } = await alone("one key package");
    const bob = await enter(world, "bob");
    const { bytes } = await announce(world, bob);
    broadcast(world, bob, keyPackagePacket(bob, bytes));
    await until(world, () => bob.state.phase === "working");
    expect(invitations(alice)).toBe(1);
    expect(alice.state.changes.approved).toHaveLength(probe.alice.approved.length);
    expect(alice.state.group?.epoch).toBe(BigInt(probe.alice.epoch));
    expect(shareEpoch([alice, bob])).toBe(true);
  });
});

describe("an add that is voted down", () => {
  const down = probeAt<{
    readonly first: string;
    readonly second_vote: string;
    readonly unknown: string;
    readonly alice: RecordedMember;
    readonly pending: number;
    readonly outcomes: readonly (readonly [string, boolean])[];
  }>(recorded, 14, "invite voted down (bob NO, alice auto YES, n=2)");
  const expired = probeAt<{ readonly events: readonly string[] }>(
    recorded,
    15,
    "... the joiner's pending join expired",
  );

  test("leaves no trace, and the join expires, as recorded", async () => {
    const { world, members } = await gather(["alice", "bob"], { ...settings, seed: "down" });
    const [alice, bob] = members as [Member, Member];
    const scoresBefore = alice.state.scores.values;
    const carol = await join(world, "carol");
    await settle(world);
    const [proposalId = 0] = defaultVotesOf(bob).keys();
    expect(down.first).toBe("ok");
    await vote(world, bob, proposalId, false);
    expect(down.second_vote).toContain("UserAlreadyVoted");
    await expect(vote(world, bob, proposalId, true)).rejects.toMatchObject({ code: "already-voted" });
    expect(down.unknown).toContain("SessionNotFound");
    await expect(vote(world, bob, 1, true)).rejects.toMatchObject({ code: "unknown-proposal" });
    await until(world, () => carol.state.phase === "ended");
    for (const [i, [, isYes]] of down.outcomes.entries()) {
      const outcome = eventsOf(members[i] as Member, "proposalDecided").at(-1);
      expect(outcome).toMatchObject({ proposalId, result: isYes ? "yes" : "no" });
      expect(members[i]?.state.changes.pending.size).toBe(down.pending);
      expect(members[i]?.state.changes.approved).toHaveLength(down.alice.approved.length);
    }
    expect(alice.state.scores.values).toBe(scoresBefore);
    // "created" and "removed" are lifecycle events of the user, which have their own tests.
    expect(expired.events).toEqual(["phase_change", "leaving", "created", "removed"]);
    expect(carol.events).toEqual([{ kind: "leaving", reason: "join-expired" }]);
  });
});

describe("a founder's default vote with livenessCriteriaYes false (W19)", () => {
  const probe = probeAt<{
    readonly alice: RecordedMember;
    readonly bob: null;
    readonly outcomes: readonly (readonly [string, boolean])[];
  }>(
    recorded,
    21,
    "liveness_criteria_yes=false: the sole member's auto-vote is NO, so nobody joins unless the creator votes by hand",
  );
  const options = { ...settings, config: { ...settings.config, livenessCriteriaYes: false } };

  test("is no, so that no joiner is added without its manual vote, as recorded", async () => {
    const world = createWorld({ ...options, seed: "no by silence" });
    const alice = await create(world, "alice");
    const bob = await join(world, "bob");
    await until(world, () => bob.state.phase === "ended");
    const results = eventsOf(alice, "proposalDecided").map(({ result }) => result === "yes");
    expect(results).toEqual(probe.outcomes.map(([, isYes]) => isYes));
    expect(alice.state.group?.members).toHaveLength(probe.alice.members.length);
    expect(probe.bob).toBeNull();
  });

  test("is replaced by its manual yes, and the joiner is added", async () => {
    const world = createWorld({ ...options, seed: "yes by hand" });
    const alice = await create(world, "alice");
    const bob = await join(world, "bob");
    await settle(world);
    for (const proposalId of defaultVotesOf(alice).keys()) await vote(world, alice, proposalId, true);
    await until(world, () => bob.state.phase === "working");
    expect(shareEpoch([alice, bob])).toBe(true);
  });
});
