import { beforeEach, describe, expect, test } from "vitest";
import {
  additionOf,
  approve,
  candidatePacket,
  command,
  disagreements,
  epochOf,
  eventsOf,
  forgedCommit,
  receive,
  runFor,
  runUntil,
  send,
  shareEpoch,
  stranger,
  textsOf,
  type Member,
  type World,
} from "../harness/index.js";
import { currentEpochOf, repairPacket } from "../lost-packets/material.js";
import { enter, forksOf, HOUR_MS, meet } from "./scene.js";

/** Longest interval between the reports of a member. */
const LONGEST_MS = 256_000;

type Side = readonly [Member, Member];

let world: World;
let hostile: Member;
let first: Side, second: Side;
let honest: readonly Member[];

beforeEach(async () => {
  const scene = await enter(5);
  world = scene.world;
  hostile = scene.steward;
  first = [scene.backup, scene.one];
  second = [scene.two, scene.three];
  honest = [...first, ...second];
});

/**
 * The hostile member sends a commit with its choice to two members, and a twin of both to the others, whose packets take a
 * while from side to side.
 *
 * @returns the epoch at whose end they part
 */
async function equivocate(): Promise<bigint> {
  const addition = await additionOf(world, stranger(1), "one");
  await approve(world, addition);
  hostile.online = false;
  hostile.wakeAtMs = undefined;
  const epoch = epochOf(hostile);
  const repairEpoch = currentEpochOf(hostile);
  const change = { kind: "add", keyPackage: addition.keyPackage } as const;
  world.delaysMs = (from, to) => [first.includes(from) === first.includes(to) ? 20 : 400];
  for (const side of [first, second]) {
    const commit = await forgedCommit(hostile, [change]);
    const choice = { kind: "choice", commitHash: commit.hash } as const;
    const chosen = await repairPacket(world, hostile, choice, repairEpoch);
    for (const member of side) {
      await receive(world, member, chosen);
      await receive(world, member, candidatePacket(hostile, commit));
    }
  }
  await runUntil(world, () => honest.every((member) => epochOf(member) > epoch));
  return epoch;
}

describe("A member that signs two choices of one epoch", () => {
  test("makes each side certify its own commit without a partition", async () => {
    const epoch = await equivocate();
    for (const member of honest) expect(eventsOf(member, "provisional")).toEqual([]);
    for (const side of [first, second]) expect(shareEpoch(side)).toBe(true);
    expect(shareEpoch(honest)).toBe(false);
    // Three of five are no two thirds.
    expect(honest.map(forksOf)).toEqual(honest.map(() => [epoch]));
  });

  test("parts the others for two intervals of reports at most", async () => {
    await equivocate();
    await runFor(world, 2 * LONGEST_MS);
    expect(shareEpoch(honest)).toBe(true);
    expect(disagreements(honest)).toEqual([]);
    const lost = honest.filter((member) => eventsOf(member, "branchLost").length > 0);
    expect([first, second]).toContainEqual(lost);
  });

  test("takes no chat from them", async () => {
    await equivocate();
    await send(world, first[0], "here");
    await send(world, second[0], "there");
    await runFor(world, 2 * LONGEST_MS);
    expect(textsOf(second[1])).toEqual(expect.arrayContaining(["here", "there"]));
    expect(textsOf(first[1])).toEqual(expect.arrayContaining(["here", "there"]));
  });

  test("parts them for no longer after a partition, or after each side has gone on", async () => {
    await equivocate();
    world.arrives = ({ from, to }) => first.includes(from) === first.includes(to);
    for (const side of [first, second]) await command(world, side[0], { kind: "renewKeys" });
    await runFor(world, 2 * HOUR_MS);
    for (const side of [first, second]) expect(shareEpoch(side)).toBe(true);
    expect(shareEpoch(honest)).toBe(false);
    await send(world, first[0], "here");
    await meet(world);
    expect(shareEpoch(honest)).toBe(true);
    expect(textsOf(second[1])).toEqual(["here"]);
  });
});
