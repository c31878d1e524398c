import { utf8ToBytes } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import type { ConversationEvent } from "../../src/index.js";
import { removeRequest } from "../../src/model/request.js";
import {
  advance,
  ban,
  create,
  createWorld,
  epochStewardOf,
  eventsOf,
  fork,
  gather,
  isSynced,
  join,
  leave,
  type Member,
  propose,
  scoreOf,
  send,
  settle,
  shareEpoch,
  stewardsOf,
  until,
  vote,
  type World,
} from "../harness/index.js";

const settled = await gather(["alice", "bob", "carol"]);

/** A copy of the settled conversation for one test. */
async function trio(): Promise<{ world: World; alice: Member; bob: Member; carol: Member }> {
  const { world, members } = await fork(settled.world);
  const [alice, bob, carol] = members as [Member, Member, Member];
  return { world, alice, bob, carol };
}

const AROUND_A_COMMIT = new Set<ConversationEvent["kind"]>([
  "phaseChanged",
  "commitCandidateChosen",
  "scoreChanged",
  "commitApplied",
  "membersChanged",
  "stewardsChanged",
  "leaving",
  "message",
]);

function aroundTheCommit(events: readonly ConversationEvent[]): readonly string[] {
  const from = events.findIndex((event) => event.kind === "phaseChanged" && event.phase === "selection");
  return events
    .slice(from)
    .filter(({ kind }) => AROUND_A_COMMIT.has(kind))
    .map((event) => (event.kind === "phaseChanged" ? `${event.kind} ${event.phase}` : event.kind));
}

describe("a second member joins", () => {
  test("from key package, vote, inactivity timeout, freeze and commit to welcome and ConversationSync", async () => {
    const world = createWorld();
    const alice = await create(world, "alice");
    const bob = await join(world, "bob");
    expect(bob.state.phase).toBe("pending-join");
    await settle(world);
    const [asked] = eventsOf(alice, "voteRequested");
    expect(asked).toMatchObject({
      proposer: alice.id,
      defaultVote: true,
      deadlineMonotonicMs: world.nowMs + 10_000,
    });
    await vote(world, alice, asked?.proposalId ?? 0, true);
    expect(eventsOf(alice, "proposalDecided")).toMatchObject([{ result: "yes" }]);
    expect(alice.state.changes.approved).toHaveLength(1);

    await advance(world, 59_999);
    expect([alice.state.phase, alice.state.group?.epoch]).toEqual(["working", 0n]);
    await advance(world, 1);
    expect([alice.state.phase, alice.state.group?.epoch]).toEqual(["working", 1n]);
    expect(bob.state.phase).toBe("working");
    expect(shareEpoch([alice, bob])).toBe(true);
    expect(bob.keyPackages).toEqual([]);
    expect(bob.events.map(({ kind }) => kind).slice(0, 4)).toEqual([
      "joined",
      "membersChanged",
      "phaseChanged",
      "stewardsChanged",
    ]);
    expect(isSynced(bob)).toBe(true);
    expect(scoreOf(bob, alice)).toBe(110n);
  });

  test("the default vote is cast for a silent member at its deadline", async () => {
    const world = createWorld();
    const alice = await create(world, "alice");
    await join(world, "bob");
    await advance(world, 9_999);
    expect(eventsOf(alice, "voteCast")).toEqual([]);
    await advance(world, 1);
    expect(eventsOf(alice, "voteCast")).toMatchObject([{ voter: alice.id, vote: true }]);
  });

  test("a founder's list serves only epoch 0, so an election follows the first commit", async () => {
    const world = createWorld();
    const alice = await create(world, "alice");
    const bob = await join(world, "bob");
    await until(world, () => alice.state.group?.epoch === 1n);
    expect(alice.plugins.stewards.isExhausted(alice.state.stewards.list, 1n)).toBe(true);
    expect(eventsOf(alice, "ownProposalSubmitted").at(-1)?.request).toMatchObject({
      kind: "electStewards",
      electionEpoch: 1n,
      retryRound: 0,
    });
    await advance(world, 5_000);
    expect(stewardsOf(bob)).toHaveLength(2);
    expect(stewardsOf(alice)).toEqual(stewardsOf(bob));
  });

  test("a join with short timeouts still has ten seconds, because an election may come first", async () => {
    const short = { consensusTimeoutMs: 500, votingDelayMs: 100, electionVotingDelayMs: 100 };
    const config = { ...short, commitInactivityMs: 200, freezeMs: 500, recoveryInactivityMs: 100 };
    const world = createWorld({ config });
    const bob = await join(world, "bob");
    await advance(world, 9_999);
    expect(bob.state.phase).toBe("pending-join");
    await advance(world, 1);
    expect(bob.state).toMatchObject({ phase: "ended", endReason: "join-expired" });
  });

  test("a join lasts as long as a vote and a freeze without the first two proposers", async () => {
    const world = createWorld({ config: { commitInactivityMs: 200 } });
    const bob = await join(world, "bob");
    // 2 x recoveryInactivityMs + consensusTimeoutMs + commitInactivityMs + freezeMs
    await advance(world, 70_199);
    expect(bob.state.phase).toBe("pending-join");
    await advance(world, 1);
    expect(bob.state).toMatchObject({ phase: "ended", endReason: "join-expired" });
  });

  test("a join without an answer expires after five inactivity timeouts", async () => {
    const world = createWorld();
    const bob = await join(world, "bob");
    await advance(world, 299_999);
    expect(bob.state.phase).toBe("pending-join");
    await advance(world, 1);
    expect(bob.state).toMatchObject({ phase: "ended", endReason: "join-expired" });
    expect(bob.events.at(-1)).toEqual({ kind: "leaving", reason: "join-expired" });
  });

  test("a cancelled join ends at once", async () => {
    const world = createWorld();
    const bob = await join(world, "bob");
    await leave(world, bob);
    expect(bob.events.at(-1)).toEqual({ kind: "leaving", reason: "join-cancelled" });
    expect(bob.wakeAtMs).toBeUndefined();
  });

  test("the last member's leave ends the conversation without a vote", async () => {
    const world = createWorld();
    const alice = await create(world, "alice");
    await leave(world, alice);
    expect(alice.events.at(-1)).toEqual({ kind: "leaving", reason: "left" });
  });
});

describe("a settled conversation", () => {
  test("a message is delivered to every other member with its authenticated sender and epoch", async () => {
    const { world, alice, bob, carol } = await trio();
    await send(world, bob, "hello");
    await settle(world);
    for (const reader of [alice, carol]) {
      expect(eventsOf(reader, "message")).toEqual([
        {
          kind: "message",
          sender: bob.id,
          claimedName: "bob",
          verified: false,
          content: utf8ToBytes("hello"),
          text: "hello",
          epoch: 1n,
          id: expect.any(String),
          sentAtMs: expect.any(Number),
          receivedAtMs: expect.any(Number),
        },
      ]);
    }
    expect(eventsOf(bob, "message")).toEqual([]);
  });

  test("content that is not UTF-8 is delivered without text", async () => {
    const { world, alice, bob } = await trio();
    await send(world, bob, Uint8Array.of(0xff));
    await settle(world);
    expect(eventsOf(alice, "message")).toMatchObject([{ text: undefined }]);
  });

  test("an accepted ban removes its target with the next commit", async () => {
    const { world, alice, bob, carol } = await trio();
    await ban(world, alice, carol);
    await until(world, () => alice.state.group?.epoch === 2n);
    await settle(world);
    expect(alice.state.group?.members).toEqual([alice.id, bob.id]);
    expect(shareEpoch([alice, bob])).toBe(true);
    expect(carol.state).toMatchObject({ phase: "ended", endReason: "removed" });
    expect(carol.wakeAtMs).toBeUndefined();
  });

  test("a rejected ban leaves no trace", async () => {
    const { world, alice, bob, carol } = await trio();
    const id = await propose(world, alice, removeRequest(carol.id), "deferred");
    await settle(world);
    await vote(world, bob, id, false);
    await vote(world, carol, id, false);
    await settle(world);
    for (const member of [alice, bob, carol]) {
      expect(eventsOf(member, "proposalDecided")).toMatchObject([{ proposalId: id, result: "no" }]);
      expect(member.state.changes.pending.size).toBe(0);
      expect(member.state.changes.approved).toEqual([]);
    }
  });

  test("a leave needs no other vote and ends with reason left", async () => {
    const { world, alice, bob, carol } = await trio();
    const leaver = epochStewardOf(world, alice) === carol ? bob : carol;
    await leave(world, leaver);
    await settle(world);
    for (const member of [alice, bob, carol]) expect(member.state.changes.approved).toHaveLength(1);
    await until(world, () => leaver.state.phase === "ended");
    expect(leaver.events.at(-1)).toEqual({ kind: "leaving", reason: "left" });
  });

  test("leaving is the last event of a removed member", async () => {
    const { world, alice, carol } = await trio();
    await ban(world, alice, carol);
    await until(world, () => carol.state.phase === "ended");
    expect(aroundTheCommit(carol.events)).toEqual([
      "phaseChanged selection",
      "commitCandidateChosen",
      ...eventsOf(carol, "scoreChanged").map(() => "scoreChanged"),
      "commitApplied",
      "leaving",
    ]);
  });

  test("the events at a commit have the documented order", async () => {
    const { world, alice, bob, carol } = await trio();
    await ban(world, alice, carol);
    await until(world, () => alice.state.group?.epoch === 2n && bob.state.group?.epoch === 2n);
    for (const member of [alice, bob]) {
      const order = aroundTheCommit(member.events);
      expect(order.slice(0, order.indexOf("phaseChanged working") + 1)).toEqual([
        "phaseChanged selection",
        "commitCandidateChosen",
        ...eventsOf(member, "scoreChanged").map(() => "scoreChanged"),
        "commitApplied",
        "membersChanged",
        "phaseChanged working",
      ]);
    }
  });

  test("with fewer members than the minimum, stewardsChanged precedes phaseChanged to working", async () => {
    const few = await gather(["alice", "bob", "carol"], { stewards: { snMin: 3, snMax: 3 } });
    const [alice, , carol] = few.members as [Member, Member, Member];
    const before = alice.events.length;
    await propose(few.world, alice, removeRequest(carol.id));
    await until(few.world, () => alice.state.group?.epoch === 2n);
    const order = aroundTheCommit(alice.events.slice(before)).filter((kind) => kind !== "scoreChanged");
    expect(order.slice(2, 6)).toEqual([
      "commitApplied",
      "membersChanged",
      "stewardsChanged",
      "phaseChanged working",
    ]);
  });

  test("an exhausted list leads to an election of the current members, equal at every member", async () => {
    const { world, members } = await fork(settled.world);
    for (const name of ["dave", "erin"]) await join(world, name);
    await until(world, () => members.every(({ state }) => state.group?.members.length === 5));
    const epoch = members[0]?.state.group?.epoch ?? 0n;
    for (let tx = 0; tx < 2; tx++) {
      const target = members.at(-1) as Member;
      const proposer = members.find(({ state }) => state.phase === "working") as Member;
      await ban(world, proposer, target);
      await until(world, () => target.state.phase === "ended");
      world.members.pop();
    }
    await advance(world, 30_000);
    const lists = world.members.map((member) =>
      member.plugins.stewards.currentList(member.state.stewards.list),
    );
    expect(lists[0]?.electionEpoch).toBeGreaterThan(epoch);
    for (const list of lists) expect(list).toEqual(lists[0]);
    expect(shareEpoch(world.members)).toBe(true);
  });
});

describe("scores after a commit", () => {
  test("the committer gains ten and the other steward five; the epoch steward loses nothing with its own commit", async () => {
    const { world, alice, bob, carol } = await trio();
    const stewards = stewardsOf(alice);
    const target = [alice, bob, carol].find(({ id }) => !stewards.includes(id)) as Member;
    const winner = epochStewardOf(world, alice);
    const rival = [alice, bob, carol].find((member) => member !== target && member !== winner) as Member;
    const before = [winner, rival].map((member) => scoreOf(alice, member) ?? 0n);
    await ban(world, winner, target);
    await until(world, () => target.state.phase === "ended");
    await settle(world);
    for (const viewer of [winner, rival]) {
      expect(eventsOf(viewer, "commitCandidateChosen")).toMatchObject([
        { steward: winner.id, candidates: 2 },
      ]);
      expect(scoreOf(viewer, winner)).toBe((before[0] ?? 0n) + 10n);
      expect(scoreOf(viewer, rival)).toBe((before[1] ?? 0n) + 5n);
    }
  });

  test("the epoch steward loses forty on every other member after the backup's commit", async () => {
    const { world, alice, bob, carol } = await trio();
    const stewards = stewardsOf(alice);
    const target = [alice, bob, carol].find(({ id }) => !stewards.includes(id)) as Member;
    const silent = epochStewardOf(world, alice);
    const backup = [alice, bob, carol].find((member) => member !== target && member !== silent) as Member;
    const before = scoreOf(backup, silent) ?? 0n;
    await ban(world, backup, target);
    await settle(world);
    // Its candidate is lost, but it receives the backup's.
    silent.online = false;
    await until(world, () => backup.state.group?.epoch === 2n);
    expect(eventsOf(backup, "commitCandidateChosen")).toMatchObject([{ steward: backup.id }]);
    expect(scoreOf(backup, silent)).toBe(before - 40n);
  });
});
