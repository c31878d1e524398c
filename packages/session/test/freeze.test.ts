import { decodeAppMessage, ViolationType, type ConversationUpdateRequest } from "@demls/wire";
import { DemlsError, utf8ToBytes } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import { removeRequest } from "../src/update-request.js";
import {
  castOf,
  agree,
  command,
  deliver,
  eventsOf,
  eventsOfKind,
  fork,
  garden,
  propose,
  run,
  runUntil,
  scoreOf,
  stewardsOf,
  take,
  vote,
  type Letter,
  type Member,
  type World,
} from "./world.js";

const settled = await garden(["alice", "bob", "carol", "dave", "erin"]);

let world: World;
let steward: Member;
let backup: Member;
let target: Member;
let onlooker: Member;
let other: Member;

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  ({
    steward,
    backup,
    others: [target, onlooker, other],
  } = castOf(world));
});

function staying(): readonly Member[] {
  return world.members.filter((member) => member !== target);
}

async function approveRemoval(): Promise<void> {
  await propose(world, onlooker, removeRequest(target.id));
  await runUntil(world, () => world.members.every(({ state }) => state.approved.length === 1));
}

/** Takes from a member the ability to make commits. */
function breakCommits(member: Member): void {
  const createCandidate = (): Promise<never> =>
    Promise.reject(new DemlsError("no-changes", { message: "It cannot commit today." }));
  Object.assign(member, { plugins: { ...member.plugins, mls: { ...member.mls, createCandidate } } });
}

function mendCommits(member: Member): void {
  Object.assign(member, { plugins: { ...member.plugins, mls: member.mls } });
}

function isCandidate({ packet }: Letter): boolean {
  const decoded = decodeAppMessage(packet.payload);
  return decoded.ok && decoded.value.kind === "commit_candidate";
}

/** Brings the group to where no steward has committed. */
async function failToCommit(): Promise<void> {
  await approveRemoval();
  for (const member of [steward, backup]) breakCommits(member);
  await runUntil(world, () => world.members.every(({ state }) => state.phase === "reelection"));
}

/** Has everyone vote no, by hand, on whatever is asked. */
async function refuse(): Promise<void> {
  for (const member of world.members) {
    for (const proposalId of member.state.autoVotes.keys()) await vote(world, member, proposalId, false);
  }
}

function asked(member: Member): ConversationUpdateRequest | undefined {
  return eventsOfKind(member, "voteRequested").at(-1)?.request;
}

describe("while the group freezes", () => {
  test("a message is held, and sealed in the epoch that follows", async () => {
    await approveRemoval();
    world.nowMs += 60_000;
    await take(world, onlooker, { kind: "tick" });
    expect(onlooker.state.phase).toBe("freezing");
    const content = utf8ToBytes("held");
    const { effects } = await command(world, onlooker, { kind: "send", ticket: 7, content });
    expect(effects).toEqual([]);
    expect(onlooker.state.heldMessages).toEqual([{ ticket: 7, content }]);
    expect(world.inFlight).toEqual([]);

    await runUntil(world, () => staying().every(({ state }) => state.group?.epoch === 2n));
    expect(onlooker.state.heldMessages).toEqual([]);
    await deliver(world);
    for (const reader of [steward, backup, other]) {
      expect(eventsOfKind(reader, "message")).toMatchObject([
        { text: "held", sender: onlooker.id, epoch: 2n },
      ]);
    }
    expect(eventsOfKind(target, "message")).toEqual([]);
  });

  test("held messages keep their order and say under which number each went out", async () => {
    await approveRemoval();
    world.nowMs += 60_000;
    await take(world, onlooker, { kind: "tick" });
    for (const ticket of [1, 2, 3]) {
      const content = utf8ToBytes(`message ${ticket}`);
      await command(world, onlooker, { kind: "send", ticket, content });
    }
    onlooker.online = false;
    await runUntil(world, () => onlooker.state.group?.epoch === 2n);
    expect(onlooker.state.outbox.length).toBeGreaterThanOrEqual(3);
    onlooker.online = true;
    await take(world, onlooker, { kind: "tick" });
    await deliver(world);
    expect(eventsOfKind(other, "message").map(({ text }) => text)).toEqual([
      "message 1",
      "message 2",
      "message 3",
    ]);
  });

  test("a message held by a member that is removed is reported unsent", async () => {
    await approveRemoval();
    world.nowMs += 60_000;
    await take(world, target, { kind: "tick" });
    await command(world, target, { kind: "send", ticket: 9, content: utf8ToBytes("wait") });
    await take(world, steward, { kind: "tick" });
    await take(world, backup, { kind: "tick" });
    const letters = world.inFlight.filter((letter) => letter.to === target && isCandidate(letter));
    const effects = [];
    for (const { packet } of letters)
      effects.push(...(await take(world, target, { kind: "packet", packet })).effects);
    expect(effects).toContainEqual({ kind: "unsent", ticket: 9 });
    expect(target.state.phase).toBe("ended");
  });

  test("no vote is taken by hand", async () => {
    await approveRemoval();
    world.nowMs += 59_000;
    const open = await propose(world, backup, removeRequest(other.id), "deferred");
    await deliver(world);
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
    const ban = propose(world, onlooker, removeRequest(other.id));
    await expect(ban).rejects.toMatchObject({ code: "wrong-phase" });
  });

  test("a leave that is asked for is proposed as soon as the group works again", async () => {
    await approveRemoval();
    world.nowMs += 60_000;
    await take(world, onlooker, { kind: "tick" });
    await command(world, onlooker, { kind: "leave" });
    expect(onlooker.state.leaveRequested).toBe(true);
    await runUntil(world, () => staying().every(({ state }) => state.group?.epoch === 2n));
    await deliver(world);
    expect(onlooker.state.leaveRequested).toBe(false);
    expect(other.state.approved).toMatchObject([{ request: removeRequest(onlooker.id) }]);
  });
});

describe("no steward commits", () => {
  test("approved work stays, the epoch steward pays forty, and a recovery election is proposed", async () => {
    const before = scoreOf(onlooker, steward) ?? 0n;
    const own = scoreOf(steward, steward);
    await failToCommit();
    for (const member of world.members) {
      expect(member.state.approved).toHaveLength(1);
      expect(member.state.group?.epoch).toBe(1n);
    }
    for (const member of [onlooker, other, backup]) expect(scoreOf(member, steward)).toBe(before - 40n);
    expect(scoreOf(steward, steward)).toBe(own);
    expect(eventsOfKind(steward, "error")).toMatchObject([{ operation: "commit candidate" }]);
    await deliver(world);
    expect(asked(onlooker)).toMatchObject({ kind: "steward_election", electionEpoch: 1n, retryRound: 0 });
  });

  test("the accepted election ends the reelection, and the commit follows", async () => {
    await failToCommit();
    for (const member of [steward, backup]) mendCommits(member);
    await runUntil(world, () => staying().every(({ state }) => state.group?.epoch === 2n));
    expect(agree(staying())).toBe(true);
    expect(target.state).toMatchObject({ phase: "ended", endReason: "removed" });
  });

  test("chat goes on during the reelection", async () => {
    await failToCommit();
    await command(world, onlooker, { kind: "send", ticket: 1, content: utf8ToBytes("still here") });
    await deliver(world);
    expect(eventsOfKind(other, "message")).toMatchObject([{ text: "still here", epoch: 1n }]);
  });

  test("a rejected election is tried again with the next seed", async () => {
    await failToCommit();
    await deliver(world);
    await refuse();
    await deliver(world);
    expect(eventsOfKind(onlooker, "proposalDecided").at(-1)).toMatchObject({ result: "no" });
    expect(asked(onlooker)).toMatchObject({ kind: "steward_election", electionEpoch: 1n, retryRound: 1 });
    // And this one is one that everybody would vote for.
    expect(eventsOfKind(onlooker, "voteRequested").at(-1)?.defaultVote).toBe(true);
    await run(world, 5_000);
    for (const { state } of world.members) expect(state.phase).not.toBe("reelection");
  });

  /** Past the last election that may be tried: the emergency is proposed and waits for votes. */
  async function reachDeadlock(): Promise<void> {
    await failToCommit();
    for (let round = 0; round < 2; round++) {
      await deliver(world);
      await refuse();
    }
    await deliver(world);
  }

  test("after the last rejected election a Deadlock emergency is proposed", async () => {
    await reachDeadlock();
    expect(asked(onlooker)).toMatchObject({
      kind: "emergency_criteria",
      evidence: { violationType: ViolationType.Deadlock },
    });
  });

  test("once it is accepted any member commits, and the next election ends the recovery", async () => {
    await reachDeadlock();
    const before = other.events.length;
    await runUntil(world, () => staying().every(({ state }) => state.group?.epoch === 2n));
    const [commit] = eventsOfKind({ events: other.events.slice(before) }, "commitApplied");
    expect([onlooker.id, other.id]).toContain(commit?.committer);
    expect(agree(staying())).toBe(true);
    expect(target.state.phase).toBe("ended");
    await runUntil(world, () => staying().every(({ state }) => !state.recovery));
    for (const member of staying()) expect(stewardsOf(member)).toEqual(stewardsOf(onlooker));
  });

  test("a commit that comes before the vote that allows it is kept until then, and costs nothing", async () => {
    await reachDeadlock();
    const before = scoreOf(other, onlooker);
    // Everyone but this one hears the votes; it hears the candidates only.
    const waits = (letter: Letter): boolean => letter.to !== other || isCandidate(letter);
    world.nowMs += 10_000;
    for (const member of world.members) if (member !== other) await take(world, member, { kind: "tick" });
    await deliver(world, waits);
    expect(onlooker.state.phase).toBe("freezing");
    expect(other.outcomes).toContainEqual({ kind: "buffered", reason: "before-mandate" });
    expect(other.state.phase).toBe("reelection");
    await runUntil(world, () => staying().every(({ state }) => state.group?.epoch === 2n));
    expect(agree(staying())).toBe(true);
    expect(scoreOf(other, onlooker) ?? 0n).toBeGreaterThan(before ?? 0n);
  });
});

test("a freeze with nothing approved any more ends in working, without a penalty", async () => {
  await approveRemoval();
  world.nowMs += 60_000;
  await take(world, onlooker, { kind: "tick" });
  onlooker.state = { ...onlooker.state, approved: [] };
  const before = scoreOf(onlooker, steward);
  world.nowMs += 30_000;
  const events = eventsOf(await take(world, onlooker, { kind: "tick" }));
  expect(events).toEqual([
    { kind: "phaseChanged", phase: "selection" },
    { kind: "phaseChanged", phase: "working" },
  ]);
  expect(scoreOf(onlooker, steward)).toBe(before);
});
