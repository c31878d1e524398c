import { compareCandidates } from "@demls/steward";
import { createSeededRandom, type SeededRandom } from "@demls/testkit";
import { bytesToHex, type MemberId } from "@demls/wire/core";
import { expect, test } from "vitest";
import { rankOf } from "../../src/closing/strict/lawful.js";
import { openingSteward } from "../../src/closing/strict/turn.js";
import type { EpochState } from "../../src/model/branches.js";
import type { HeldCandidate } from "../../src/model/commit.js";
import type { Active } from "../../src/model/state.js";
import { beginTransaction, type ActiveTransaction } from "../../src/model/transaction.js";
import { installStewards } from "../../src/stewards/steward-lists.js";
import { commit, enter, HOUR_MS } from "../branches/scene.js";
import {
  additionOf,
  approve,
  environmentOf,
  epochOf,
  part,
  runUntil,
  stranger,
  type Member,
  type World,
} from "../harness/index.js";

/** Histories of a group that parts. */
const HISTORIES = 6;

test("All members of an epoch rank its commits alike, on all branches, whatever lists they have elected in it", async () => {
  const seen = { forks: 0, lists: 0, turns: 0 };
  for (let seed = 1; seed <= HISTORIES; seed++) {
    const random = createSeededRandom(seed);
    const { world } = await enter(random.pick([4, 5] as const));
    for (let i = random.integer(0, 1); i > 0; i--) await commit(world, world.members);
    const sides = sidesOf(world, random);
    await approve(world, await additionOf(world, stranger(201), "one"));
    part(world, sides[0]);
    const at = epochOf(world.members[0] as Member);
    await runUntil(world, () => world.members.every((each) => epochOf(each) > at), world.nowMs + HOUR_MS);
    seen.forks += compareAll(world, random, seen);
  }
  // Otherwise nothing was tried.
  expect(seen.forks).toBeGreaterThan(2);
  expect(seen.lists).toBeGreaterThan(0);
  expect(seen.turns).toBeGreaterThan(0);
});

function sidesOf({ members }: World, random: SeededRandom): readonly [readonly Member[], readonly Member[]] {
  const shuffled = random.shuffle(members);
  const first = random.integer(2, members.length - 2);
  return [shuffled.slice(0, first), shuffled.slice(first)];
}

/** Elections of its epoch that the others do not receive. */
function elect(tx: ActiveTransaction, random: SeededRandom): void {
  const { epoch, members } = tx.state.group;
  for (let i = random.integer(0, 2); i > 0; i--) {
    const pool = random.shuffle(members).slice(0, 2);
    const size = Math.min(2, pool.length);
    installStewards(tx, epoch, pool, size, random.integer(0, 3), "elected", random.bytes(32));
  }
}

/** Compares members with equal states of a group, in their epochs and at their forks. @returns the number of forks. */
function compareAll(world: World, random: SeededRandom, seen: { lists: number; turns: number }): number {
  const byEpoch = new Map<string, { readonly ranks: string; readonly list: string | undefined }>();
  let forks = 0;
  for (const member of world.members) {
    const kept = [...member.state.branches.forks.values()];
    forks += kept.length;
    for (const state of [member.state as EpochState, ...kept.map((fork) => fork.state)]) {
      const tx = beginTransaction({ ...(member.state as Active), ...state }, environmentOf(world, member));
      elect(tx, random);
      const key = bytesToHex(state.group.epochAuthenticator);
      const ranks = orderOf(tx);
      const former = byEpoch.get(key);
      byEpoch.set(key, { ranks, list: openingSteward(tx) });
      if (former === undefined) continue;
      expect(ranks).toBe(former.ranks);
      if (former.list !== openingSteward(tx)) seen.lists++;
      if (candidatesOf(tx).some((candidate) => rankOf(tx, candidate).isTurn)) seen.turns++;
    }
  }
  return forks;
}

/** Two commits of each member of the epoch. */
function candidatesOf({ state }: ActiveTransaction): readonly HeldCandidate[] {
  return state.group.members.flatMap((steward, i) =>
    [1, 2].map((number) => candidate(steward, Uint8Array.of(number, i))),
  );
}

function candidate(steward: MemberId, commitHash: Uint8Array): HeldCandidate {
  const staged = { sender: steward, actions: [] };
  return { steward, commitHash, proposalCount: 1, staged } as unknown as HeldCandidate;
}

function orderOf(tx: ActiveTransaction): string {
  return candidatesOf(tx)
    .map((each) => rankOf(tx, each))
    .sort((a, b) => compareCandidates(a, b, undefined))
    .map(({ steward, commitHash }) => `${steward} ${bytesToHex(commitHash)}`)
    .join();
}
