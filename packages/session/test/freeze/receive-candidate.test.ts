import { bytesToHex, compareBytes } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import {
  alter,
  ban,
  candidatePacket,
  castOf,
  encodeState,
  encodeStateButGroup,
  eventsOf,
  forgedCommit,
  fork,
  gather,
  type Member,
  receive,
  scoreOf,
  shareEpoch,
  until,
  type World,
} from "../harness/index.js";

const settled = await gather(["alice", "bob", "carol", "dave", "erin"]);

let world: World;
/** The member whose turn it is, and the other listed one. */
let steward: Member;
let backup: Member;
/** Three that are on no list: one to be removed, one that looks on, one that is up to something. */
let target: Member;
let onlooker: Member;
let mallory: Member;

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  ({
    steward,
    backup,
    others: [target, onlooker, mallory],
  } = castOf(world));
});

/** Has the target's removal approved by everyone, the commit being due in a minute. */
async function approveRemoval(): Promise<void> {
  await ban(world, onlooker, target);
  await until(world, () => world.members.every(({ state }) => state.changes.approved.length === 1));
}

function removal(member: Member): { readonly kind: "remove"; readonly member: Member["id"] } {
  return { kind: "remove", member: member.id };
}

/** Gives the onlooker a packet of which nothing may come: state, scores and phase stay as they are. */
async function refusal(packet: Parameters<typeof receive>[2]): Promise<unknown> {
  const before = encodeState(onlooker.state, onlooker.mls);
  const outcome = await receive(world, onlooker, packet);
  expect(encodeState(onlooker.state, onlooker.mls)).toBe(before);
  return outcome;
}

describe("an authenticated member's candidate", () => {
  test("of two by one sender the one with the smaller hash stays, whichever comes first", async () => {
    await approveRemoval();
    // Two branches of the steward's state: it can make both only by going back on itself.
    const { state } = steward;
    const first = await forgedCommit(steward, [removal(target)]);
    const second = await forgedCommit(steward, [removal(target)]);
    steward.state = state;
    const smaller = [first, second].sort((a, b) => compareBytes(a.hash, b.hash))[0];
    const views = [
      { viewer: onlooker, order: [first, second] },
      { viewer: mallory, order: [second, first] },
    ];
    for (const { viewer, order } of views) {
      // Held apart from a freeze, where the first would be selected at once.
      alter(viewer, "changes", { approved: [] });
      for (const commit of order) await receive(world, viewer, candidatePacket(steward, commit));
      const held = viewer.state.commit.candidates.get(steward.id);
      expect(bytesToHex(held?.commitHash ?? new Uint8Array())).toBe(
        bytesToHex(smaller?.hash ?? new Uint8Array()),
      );
      expect(viewer.state.commit.candidates.size).toBe(1);
      const outcomes = viewer.outcomes.slice(-2).map(({ kind }) => kind);
      expect(outcomes).toEqual(order[0] === smaller ? ["accepted", "ignored"] : ["accepted", "accepted"]);
    }
  });

  test("one who is no steward moves no phase, and pays for it at the next selection", async () => {
    await approveRemoval();
    const commit = await forgedCommit(mallory, [removal(target)]);
    const before = scoreOf(onlooker, mallory) ?? 0n;
    const outcome = await receive(world, onlooker, candidatePacket(mallory, commit));
    expect(outcome).toEqual({ kind: "buffered", reason: "before-mandate" });
    expect(onlooker.state.phase).toBe("working");
    expect(scoreOf(onlooker, mallory)).toBe(before);
    await until(world, () => onlooker.state.group?.epoch === 2n);
    expect(eventsOf(onlooker, "commitCandidateChosen")).toMatchObject([{ steward: steward.id }]);
    expect(scoreOf(onlooker, mallory)).toBe(before - 50n);
  });

  test("one that does other than was approved loses to the next, and its author pays thirty", async () => {
    await approveRemoval();
    const commit = await forgedCommit(steward, [removal(onlooker)]);
    steward.online = false;
    for (const viewer of [onlooker, mallory, backup]) {
      await receive(world, viewer, candidatePacket(steward, commit));
      expect(viewer.state.phase).toBe("working");
    }
    const before = scoreOf(mallory, steward) ?? 0n;
    await until(world, () => [onlooker, mallory, backup].every(({ state }) => state.group?.epoch === 2n));
    expect(shareEpoch([onlooker, mallory, backup])).toBe(true);
    expect(eventsOf(mallory, "commitCandidateChosen")).toMatchObject([{ steward: backup.id }]);
    expect(eventsOf(mallory, "scoreChanged")).toContainEqual({
      kind: "scoreChanged",
      member: steward.id,
      score: before - 30n,
      cause: "broken-mls-proposal",
    });
    // It was its turn, and another's commit won.
    expect(scoreOf(mallory, steward)).toBe(before - 70n);
  });

  test("one of the past epoch is ignored", async () => {
    const commit = await forgedCommit(steward, [removal(mallory)]);
    await approveRemoval();
    await until(world, () => onlooker.state.group?.epoch === 2n);
    const before = encodeStateButGroup(onlooker.state, onlooker.mls);
    expect(await receive(world, onlooker, candidatePacket(steward, commit))).toEqual({
      kind: "ignored",
      reason: "past-epoch",
    });
    expect(encodeStateButGroup(onlooker.state, onlooker.mls)).toBe(before);
  });

  test("a candidate that comes again is known", async () => {
    await approveRemoval();
    const commit = await forgedCommit(steward, [removal(target)]);
    await receive(world, onlooker, candidatePacket(steward, commit));
    expect(await refusal(candidatePacket(steward, commit))).toEqual({
      kind: "ignored",
      reason: "known-candidate",
    });
  });

  test("a steward's candidate for what is approved freezes those it reaches", async () => {
    await approveRemoval();
    const commit = await forgedCommit(steward, [removal(target)]);
    await receive(world, onlooker, candidatePacket(steward, commit));
    expect(onlooker.state.phase).toBe("freezing");
    expect(eventsOf(onlooker, "commitCandidateReceived")).toMatchObject([
      { steward: steward.id, commitHash: bytesToHex(commit.hash), proposals: 1, own: false },
    ]);
  });
});
