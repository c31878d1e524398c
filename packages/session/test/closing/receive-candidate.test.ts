import { bytesToHex, compareBytes } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import {
  alter,
  approveBan,
  candidatePacket,
  candidatesBy,
  encodeState,
  encodeStateButGroup,
  eventsOf,
  forgedCommit,
  fork,
  gather,
  type Member,
  receive,
  rolesOf,
  scoreOf,
  shareEpoch,
  until,
  type World,
} from "../harness/index.js";

const settled = await gather(["alice", "bob", "carol", "dave", "erin"]);

let world: World;
/** The epoch steward and the other listed one. */
let steward: Member, backup: Member;
/** Three members not on the list: the target of a removal, an onlooker, and an attacker. */
let target: Member, onlooker: Member, mallory: Member;

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  [steward, backup, target, onlooker, mallory] = rolesOf(world);
});

/** Approves the target's removal on every member, due for commit in a minute. */
async function approveRemoval(): Promise<void> {
  await approveBan(world, onlooker, target);
}

function removal(member: Member): { readonly kind: "remove"; readonly member: Member["id"] } {
  return { kind: "remove", member: member.id };
}

/** Delivers a packet that must change neither state, scores nor phase. */
async function refusal(packet: Parameters<typeof receive>[2]): Promise<unknown> {
  const before = encodeState(onlooker.state, onlooker.mls);
  const outcome = await receive(world, onlooker, packet);
  expect(encodeState(onlooker.state, onlooker.mls)).toBe(before);
  return outcome;
}

describe("an authenticated member's candidate", () => {
  test("of two by one sender, the one with the smaller hash is kept, in any order", async () => {
    await approveRemoval();
    // Two branches of the steward's state, which an honest steward cannot both create.
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
      // Stored before a freeze, which would select the first one at once.
      alter(viewer, "changes", { approved: [] });
      for (const commit of order) await receive(world, viewer, candidatePacket(steward, commit));
      const held = candidatesBy(viewer, steward)[0];
      expect(bytesToHex(held?.commitHash ?? new Uint8Array())).toBe(
        bytesToHex(smaller?.hash ?? new Uint8Array()),
      );
      expect(viewer.state.commit.candidates.size).toBe(1);
      const outcomes = viewer.outcomes.slice(-2).map(({ kind }) => kind);
      expect(outcomes).toEqual(order[0] === smaller ? ["accepted", "ignored"] : ["accepted", "accepted"]);
    }
  });

  test("by a member that is not a steward changes no phase, and is scored at the next selection", async () => {
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

  test("with other changes than approved loses to the next one, and costs its author thirty", async () => {
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
    // It was the epoch steward, and another commit won.
    expect(scoreOf(mallory, steward)).toBe(before - 70n);
  });

  test("of the previous epoch is ignored", async () => {
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

  test("that arrives twice is ignored the second time", async () => {
    await approveRemoval();
    const commit = await forgedCommit(steward, [removal(target)]);
    await receive(world, onlooker, candidatePacket(steward, commit));
    expect(await refusal(candidatePacket(steward, commit))).toEqual({
      kind: "ignored",
      reason: "known-candidate",
    });
  });

  test("with the approved changes starts a freeze at its receivers", async () => {
    await approveRemoval();
    const commit = await forgedCommit(steward, [removal(target)]);
    await receive(world, onlooker, candidatePacket(steward, commit));
    expect(onlooker.state.phase).toBe("freezing");
    expect(eventsOf(onlooker, "commitCandidateReceived")).toMatchObject([
      { steward: steward.id, commitHash: bytesToHex(commit.hash), proposals: 1, own: false },
    ]);
  });
});
