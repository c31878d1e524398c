import type { ChangeRequest } from "../../src/model/request.js";
import type { CompatibilityMode } from "../../src/index.js";
import { createMlsService } from "@demls/mls";
import { createSeededRandom } from "@demls/testkit";

import { memberIdFromBytes } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import {
  additionOf,
  advance,
  approve,
  defaultsOf,
  eventsOf,
  gatherInEachMode,
  keyPackagePacket,
  MODES,
  nowSeconds,
  putToVote,
  receive,
  required,
  settle,
  shareEpoch,
  stranger,
  strangersProof,
  until,
  voteIn,
  type Member,
  type World,
} from "../harness/index.js";

const settled = await gatherInEachMode(["alice", "bob", "carol", "mallory"]);

let world: World, mallory: Member, honest: Member[];

async function enter(mode: CompatibilityMode): Promise<void> {
  ({ world } = await settled(mode));
  honest = world.members.slice(0, 3);
  mallory = required(world.members[3]);
}

/** Key packages of one joiner with the given ages in seconds, under one signature key. */
async function invitations(...agesSeconds: readonly number[]): Promise<ChangeRequest[]> {
  const identity = stranger(1);
  let ageSeconds = 0;
  const mls = await createMlsService({
    identity,
    random: createSeededRandom("joiner"),
    wallMs: () => (Number(nowSeconds(world)) - ageSeconds) * 1_000,
  });
  const identityProof = await strangersProof(world, identity, mls);
  const made: ChangeRequest[] = [];
  for (const age of agesSeconds) {
    ageSeconds = age;
    const { bytes } = await mls.generateKeyPackage({ identityProof });
    made.push({ kind: "add", keyPackage: bytes, member: memberIdFromBytes(identity) });
  }
  return made;
}

/** Two adds of one joiner, with one key package or with two. */
async function pair(which: string): Promise<readonly [ChangeRequest, ChangeRequest]> {
  const [first, second] = await invitations(0, 0);
  if (first === undefined || second === undefined) throw new Error("There are two.");
  return [first, which === "another one" ? second : first];
}

function approvedBy({ state }: Member): readonly ChangeRequest[] {
  return state.changes.approved.map(({ request }) => request);
}

const YES = [true, true, true];
const NO = [false, false, false];

/**
 * In 3.0.0 both key packages of a joiner were approved. No commit can contain both, so no further commit was merged.
 */
describe.each(MODES)("W10: a second key package of a joiner with an open or approved one (%s)", (mode) => {
  beforeEach(() => enter(mode));

  // In a strict conversation two adds with one key package are one change (W49).
  const repeated = mode === "strict" ? YES : NO;

  test.each([
    ["the very same key package", repeated],
    ["another one", NO],
  ])("has this default vote while one is open: %s", async (which, defaults) => {
    const [first, second] = await pair(which);
    await putToVote(world, mallory, first);
    expect(defaultsOf(honest)).toEqual(YES);
    await putToVote(world, mallory, second);
    expect(defaultsOf(honest)).toEqual(defaults);
  });

  test.each([
    ["the very same key package", repeated],
    ["another one", NO],
  ])("has this default vote while one is approved: %s", async (which, defaults) => {
    const [first, second] = await pair(which);
    await approve(world, first);
    await putToVote(world, mallory, second);
    expect(defaultsOf(honest)).toEqual(defaults);
  });

  test("has the configured default vote if the other one belongs to another joiner", async () => {
    for (const request of await invitations(0)) await putToVote(world, mallory, request);
    await putToVote(world, mallory, await additionOf(world, stranger(2), "another joiner"));
    expect(defaultsOf(honest)).toEqual([true, true, true]);
  });

  test("opens no vote on a second key package from the network", async () => {
    for (const request of await invitations(0, 0)) {
      const bytes = request.kind === "add" ? request.keyPackage : new Uint8Array();
      const packet = keyPackagePacket({ appId: new Uint8Array(16).fill(9) }, bytes);
      for (const member of world.members) await receive(world, member, packet);
    }
    await settle(world);
    await until(world, () => world.members.every(({ state }) => state.group?.members.length === 5));
    expect(shareEpoch(world.members)).toBe(true);
  });

  test("of the same key package is queued once if it is approved by hand", async () => {
    const [first, again] = await pair("the very same key package");
    for (const request of [first, again])
      await voteIn(world, honest, await putToVote(world, mallory, request));
    for (const member of honest) expect(approvedBy(member)).toEqual([first]);
  });
});

describe("W10: two key packages of one joiner, both decided for by hand", () => {
  test("stay and are reported with the way out, since 3.0.0 members keep both (de-mls-3)", async () => {
    await enter("de-mls-3");
    for (const request of await invitations(0, 0))
      await voteIn(world, honest, await putToVote(world, mallory, request));
    await until(world, () => honest.every(({ state }) => state.phase === "reelection"));
    for (const member of honest) {
      expect(member.state.changes.approved).toHaveLength(2);
      expect(eventsOf(member, "error")).toContainEqual({
        kind: "error",
        code: "uncommittable-change",
        operation: "approvedChange",
        message: expect.stringMatching(/two approved key packages.*create a new conversation/),
      });
    }
  });

  test("leave the newer one, in either order of approval, and it is committed (strict)", async () => {
    for (const order of ["older first", "newer first"]) {
      await enter("strict");
      const requests = await invitations(3_600, 0);
      const [, newer] = requests;
      if (order === "newer first") requests.reverse();
      for (const request of requests) await voteIn(world, honest, await putToVote(world, mallory, request));
      for (const member of honest) expect(approvedBy(member)).toEqual([newer]);
      await advance(world, 120_000);
      for (const { state } of honest) {
        expect(state.group?.members).toContain(memberIdFromBytes(stranger(1)));
        expect(state.changes.approved).toEqual([]);
      }
      expect(shareEpoch(honest)).toBe(true);
    }
  });
});
