import { decodeAppMessage } from "@demls/wire";
import { DemlsError, utf8ToBytes } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import { removeRequest, type ChangeRequest } from "../../src/model/request.js";
import {
  advance,
  alter,
  approveBan,
  ban,
  defaultVotesOf,
  deliver,
  eventsOf,
  forgedProposal,
  fork,
  gather,
  leave,
  rolesOf,
  type Letter,
  type Member,
  propose,
  receiveVote,
  scoreOf,
  send,
  sendUnchecked,
  settle,
  shareEpoch,
  signedVote,
  stepEvents,
  stewardsOf,
  take,
  until,
  vote,
  type World,
} from "../harness/index.js";

const settled = await gather(["alice", "bob", "carol", "dave", "erin"], { fakes: true });

let world: World;
let steward: Member, backup: Member, target: Member, onlooker: Member, other: Member;

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  [steward, backup, target, onlooker, other] = rolesOf(world);
});

function staying(): readonly Member[] {
  return world.members.filter((member) => member !== target);
}

async function approveRemoval(): Promise<void> {
  await approveBan(world, onlooker, target);
}

/** Makes a member unable to create commits. */
function breakCommits(member: Member): void {
  const createCandidate = (): Promise<never> =>
    Promise.reject(new DemlsError("commit-failed", { message: "It cannot commit today." }));
  Object.assign(member, { plugins: { ...member.plugins, mls: { ...member.mls, createCandidate } } });
}

function mendCommits(member: Member): void {
  Object.assign(member, { plugins: { ...member.plugins, mls: member.mls } });
}

function isCandidate({ packet }: Letter): boolean {
  const decoded = decodeAppMessage(packet.payload);
  return decoded.ok && decoded.value.kind === "commit_candidate";
}

/** Advances the group to a freeze that ended without a commit. */
async function failToCommit(): Promise<void> {
  await approveRemoval();
  for (const member of [steward, backup]) breakCommits(member);
  await until(world, () => world.members.every(({ state }) => state.phase === "reelection"));
}

/** Has every member vote no by hand on every request. */
async function refuse(): Promise<void> {
  for (const member of world.members) {
    for (const proposalId of defaultVotesOf(member).keys()) await vote(world, member, proposalId, false);
  }
}

/** Makes a member the only steward, by an election that the target proposes and all others vote for. */
async function elect(member: Member): Promise<void> {
  const request = { kind: "electStewards", stewards: [member.id], electionEpoch: 1n, retryRound: 0 } as const;
  const proposal = forgedProposal(world, target, request);
  const votes = [await signedVote(world, target.signer, proposal, true)];
  await sendUnchecked(world, target, { kind: "proposal", proposal: { ...proposal, votes } });
  await settle(world);
  for (const to of staying()) {
    for (const voter of staying()) if (voter !== to) await receiveVote(world, to, voter, proposal, true);
  }
  expect(eventsOf(member, "stewardsChanged").at(-1)).toMatchObject({ stewards: [member.id] });
}

function asked(member: Member): ChangeRequest | undefined {
  return eventsOf(member, "voteRequested").at(-1)?.request;
}

describe("while the group freezes", () => {
  test("a message is held, and sealed in the epoch that follows", async () => {
    await approveRemoval();
    world.nowMs += 60_000;
    await take(world, onlooker, { kind: "tick" });
    expect(onlooker.state.phase).toBe("freezing");
    const content = utf8ToBytes("held");
    const { effects } = await send(world, onlooker, content, 7);
    expect(effects).toEqual([]);
    expect(onlooker.state.chat.queued).toMatchObject([{ ticket: 7, content }]);
    expect(world.inFlight).toEqual([]);

    await until(world, () => staying().every(({ state }) => state.group?.epoch === 2n));
    expect(onlooker.state.chat.queued).toEqual([]);
    await settle(world);
    for (const reader of [steward, backup, other]) {
      expect(eventsOf(reader, "message")).toMatchObject([{ text: "held", sender: onlooker.id, epoch: 2n }]);
    }
    expect(eventsOf(target, "message")).toEqual([]);
  });

  test("held messages keep their order and say under which number each went out", async () => {
    await approveRemoval();
    world.nowMs += 60_000;
    await take(world, onlooker, { kind: "tick" });
    for (const ticket of [1, 2, 3]) {
      const content = utf8ToBytes(`message ${ticket}`);
      await send(world, onlooker, content, ticket);
    }
    onlooker.online = false;
    await until(world, () => onlooker.state.group?.epoch === 2n);
    expect(onlooker.state.outbox.entries.length).toBeGreaterThanOrEqual(3);
    onlooker.online = true;
    await take(world, onlooker, { kind: "tick" });
    await settle(world);
    expect(eventsOf(other, "message").map(({ text }) => text)).toEqual([
      "message 1",
      "message 2",
      "message 3",
    ]);
  });

  test("a message held by a member that is removed is reported unsent", async () => {
    await approveRemoval();
    world.nowMs += 60_000;
    await take(world, target, { kind: "tick" });
    await send(world, target, "wait", 9);
    await take(world, steward, { kind: "tick" });
    await take(world, backup, { kind: "tick" });
    const letters = world.inFlight.filter((letter) => letter.to === target && isCandidate(letter));
    const effects = [];
    for (const { packet } of letters)
      effects.push(...(await take(world, target, { kind: "packet", packet })).effects);
    expect(effects).toContainEqual({ kind: "unsent", ticket: 9 });
    expect(target.state.phase).toBe("ended");
  });

  test("a member that is elected steward sends its candidate, which ends the freeze early", async () => {
    await approveRemoval();
    for (const member of [steward, backup]) breakCommits(member);
    world.nowMs += 60_000;
    for (const member of staying()) await take(world, member, { kind: "tick" });
    const frozenAtMs = world.nowMs;
    await elect(onlooker);
    await until(world, () => staying().every(({ state }) => state.group?.epoch === 2n));
    expect(world.nowMs - frozenAtMs).toBeLessThan(onlooker.state.config.freezeMs);
    expect(eventsOf(other, "commitApplied")).toMatchObject([{ committer: onlooker.id }]);
    expect(shareEpoch(staying())).toBe(true);
  });

  test("no vote is taken by hand", async () => {
    await approveRemoval();
    world.nowMs += 59_000;
    const open = await propose(world, backup, removeRequest(other.id), "deferred");
    await settle(world);
    world.nowMs += 1_000;
    await take(world, onlooker, { kind: "tick" });
    const before = onlooker.state;
    await expect(vote(world, onlooker, open, true)).rejects.toMatchObject({ code: "wrong-phase" });
    expect(onlooker.state).toBe(before);
  });

  test("nothing is proposed", async () => {
    await approveRemoval();
    world.nowMs += 60_000;
    await take(world, onlooker, { kind: "tick" });
    const refused = ban(world, onlooker, other);
    await expect(refused).rejects.toMatchObject({ code: "wrong-phase" });
  });

  test("a requested leave is proposed as soon as the group is in the working phase again", async () => {
    await approveRemoval();
    world.nowMs += 60_000;
    await take(world, onlooker, { kind: "tick" });
    await leave(world, onlooker);
    expect(onlooker.state.leave.requested).toBe(true);
    await until(world, () => staying().every(({ state }) => state.group?.epoch === 2n));
    await settle(world);
    expect(onlooker.state.leave.requested).toBe(false);
    expect(other.state.changes.approved).toMatchObject([{ request: removeRequest(onlooker.id) }]);
  });
});

describe("no steward commits", () => {
  test("approved work stays, the epoch steward pays forty, and a recovery election is proposed", async () => {
    const before = scoreOf(onlooker, steward) ?? 0n;
    const own = scoreOf(steward, steward);
    await failToCommit();
    for (const member of world.members) {
      expect(member.state.changes.approved).toHaveLength(1);
      expect(member.state.group?.epoch).toBe(1n);
    }
    for (const member of [onlooker, other, backup]) expect(scoreOf(member, steward)).toBe(before - 40n);
    expect(scoreOf(steward, steward)).toBe(own);
    expect(eventsOf(steward, "error")).toMatchObject([{ operation: "commitCandidate" }]);
    await settle(world);
    expect(asked(onlooker)).toMatchObject({ kind: "electStewards", electionEpoch: 1n, retryRound: 0 });
  });

  test("the accepted election ends the reelection, and the commit follows", async () => {
    await failToCommit();
    for (const member of [steward, backup]) mendCommits(member);
    await until(world, () => staying().every(({ state }) => state.group?.epoch === 2n));
    expect(shareEpoch(staying())).toBe(true);
    expect(target.state).toMatchObject({ phase: "ended", endReason: "removed" });
  });

  test("chat goes on during the reelection", async () => {
    await failToCommit();
    await send(world, onlooker, "still here");
    await settle(world);
    expect(eventsOf(other, "message")).toMatchObject([{ text: "still here", epoch: 1n }]);
  });

  test("a rejected election is tried again with the next seed", async () => {
    await failToCommit();
    await settle(world);
    await refuse();
    await settle(world);
    expect(eventsOf(onlooker, "proposalDecided").at(-1)).toMatchObject({ result: "no" });
    expect(asked(onlooker)).toMatchObject({ kind: "electStewards", electionEpoch: 1n, retryRound: 1 });
    // All members would vote yes on this election.
    expect(eventsOf(onlooker, "voteRequested").at(-1)?.defaultVote).toBe(true);
    await advance(world, 5_000);
    for (const { state } of world.members) expect(state.phase).not.toBe("reelection");
  });

  /** After the last allowed election, the emergency is proposed and waits for votes. */
  async function reachDeadlock(): Promise<void> {
    await failToCommit();
    for (let round = 0; round < 2; round++) {
      await settle(world);
      await refuse();
    }
    await settle(world);
  }

  test("after the last rejected election a Deadlock emergency is proposed", async () => {
    await reachDeadlock();
    expect(asked(onlooker)).toMatchObject({
      kind: "emergency",
      evidence: { violation: "deadlock" },
    });
  });

  test("once it is accepted any member commits, and the next election ends the recovery", async () => {
    await reachDeadlock();
    const before = other.events.length;
    await until(world, () => staying().every(({ state }) => state.group?.epoch === 2n));
    const [commit] = eventsOf({ events: other.events.slice(before) }, "commitApplied");
    expect([onlooker.id, other.id]).toContain(commit?.committer);
    expect(shareEpoch(staying())).toBe(true);
    expect(target.state.phase).toBe("ended");
    await until(world, () => staying().every(({ state }) => !state.stewards.recovery));
    for (const member of staying()) expect(stewardsOf(member)).toEqual(stewardsOf(onlooker));
  });

  test("a commit that comes before the vote that allows it is kept until then, and costs nothing", async () => {
    await reachDeadlock();
    const before = scoreOf(other, onlooker);
    // This member receives the candidates but not the votes; all others receive both.
    const waits = (letter: Letter): boolean => letter.to !== other || isCandidate(letter);
    world.nowMs += 10_000;
    for (const member of world.members) if (member !== other) await take(world, member, { kind: "tick" });
    await deliver(world, waits);
    expect(onlooker.state.phase).toBe("freezing");
    expect(other.outcomes).toContainEqual({ kind: "buffered", reason: "before-mandate" });
    expect(other.state.phase).toBe("reelection");
    await until(world, () => staying().every(({ state }) => state.group?.epoch === 2n));
    expect(shareEpoch(staying())).toBe(true);
    expect(scoreOf(other, onlooker) ?? 0n).toBeGreaterThan(before ?? 0n);
  });
});

test("a freeze with nothing approved any more ends in working, without a penalty", async () => {
  await approveRemoval();
  world.nowMs += 60_000;
  await take(world, onlooker, { kind: "tick" });
  alter(onlooker, "changes", { approved: [] });
  const before = scoreOf(onlooker, steward);
  world.nowMs += 30_000;
  const events = stepEvents(await take(world, onlooker, { kind: "tick" }));
  expect(events).toEqual([
    { kind: "phaseChanged", phase: "selection" },
    { kind: "phaseChanged", phase: "working" },
  ]);
  expect(scoreOf(onlooker, steward)).toBe(before);
});
