import type { StewardListConfig } from "@demls/steward";
import { createSeededRandom } from "@demls/testkit";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CompatibilityMode } from "../../src/index.js";
import {
  disagreements,
  fork,
  gather,
  isAtRest,
  present,
  until,
  type Member,
  type World,
} from "../harness/index.js";
import { runs } from "../../../../hostile/runs.js";
import { delay, plan, stewardFirst, voteByHand, wishes, type Wish } from "./wishes.js";

/**
 * Maximum delay of a packet: well below the voting delay, so that every vote arrives before its deadline. Longer delays
 * fall under the rules for offline members.
 */
const DELAY_LIMIT_MS = 2_000;

/**
 * All runs use the same seed; set another with DEMLS_SEED. `path` is printed with a failing run and repeats it
 * directly.
 */
const LIVES = { numRuns: runs(100), seed: Number(process.env["DEMLS_SEED"] ?? 20_261_121) };

const NAMES = ["alice", "bob", "carol", "dave", "erin", "frank", "grace"];

interface Epoch {
  readonly size: number;
  readonly stewards: number;
  readonly wished: readonly Wish[];
  readonly noPercent: number;
  readonly seed: number;
}

const epochs: fc.Arbitrary<Epoch> = fc.record({
  size: fc.integer({ min: 2, max: NAMES.length }),
  stewards: fc.integer({ min: 1, max: 3 }),
  wished: wishes,
  noPercent: fc.constantFrom(0, 20, 50),
  seed: fc.nat(),
});

/**
 * An approval can cross a commit on the network (weakness W47), for example after rejected elections: then a commit of
 * a subset must be merged.
 */
function stewardSettings(mode: CompatibilityMode, snMax: number): Partial<StewardListConfig> {
  return { snMin: 1, snMax, allowSubsetCandidates: mode === "strict" };
}

const settled = new Map<string, Promise<World>>();

/** Settled conversations are immutable, so each is created once and used many times. */
function settledGarden(mode: CompatibilityMode, size: number, stewards: number): Promise<World> {
  const key = `${mode} ${size} ${stewards}`;
  const options = { fakes: true, mode, stewards: stewardSettings(mode, stewards) };
  const made = settled.get(key) ?? gather(NAMES.slice(0, size), options).then(({ world }) => world);
  settled.set(key, made);
  return made;
}

/** Runs one epoch of commands to its end. */
async function live(mode: CompatibilityMode, epoch: Epoch): Promise<Member[]> {
  const { size, stewards, wished, noPercent, seed } = epoch;
  const { world, members } = await fork(await settledGarden(mode, size, stewards), String(seed));
  const random = createSeededRandom(seed);
  delay(world, createSeededRandom(`delays ${seed}`), DELAY_LIMIT_MS);
  voteByHand(world, random, noPercent);
  plan(world, stewardFirst(members), wished);
  // Members that reject every election never finish: after a quarter of an hour they must agree on the state so far.
  await until(world, () => isAtRest(world), world.nowMs + 900_000);
  return present(world);
}

/** A failure found by a random run: an election that a commit overtakes on the way to one member. */
const OVERTAKEN_ELECTION: Epoch = {
  size: 3,
  stewards: 3,
  wished: [
    { kind: "join", by: 0, target: 0, afterMs: 0 },
    { kind: "join", by: 0, target: 0, afterMs: 0 },
    { kind: "ban", by: 4, target: 0, afterMs: 0 },
  ],
  noPercent: 50,
  seed: 22,
};

/** Another one: a commit that arrives while the vote on a part of it is open on one member. */
const CROSSED_COMMIT: Epoch = {
  size: 4,
  stewards: 3,
  wished: [
    { kind: "leave", by: 2, target: 0, afterMs: 3_303 },
    { kind: "ban", by: 1, target: 1, afterMs: 0 },
    { kind: "join", by: 0, target: 0, afterMs: 10_725 },
  ],
  noPercent: 50,
  seed: 8,
};

describe("members that receive one epoch's packets in different orders and more than once", () => {
  test("agree on everything in a strict conversation", async () => {
    await fc.assert(
      fc.asyncProperty(epochs, async (epoch) => {
        expect(disagreements(await live("strict", epoch))).toEqual([]);
      }),
      { ...LIVES, examples: [[OVERTAKEN_ELECTION], [CROSSED_COMMIT]] },
    );
  });

  test("agree on everything by 3.0.0's rules where no vote is contested", async () => {
    await fc.assert(
      fc.asyncProperty(epochs, async (epoch) => {
        expect(disagreements(await live("de-mls-3", { ...epoch, noPercent: 0 }))).toEqual([]);
      }),
      LIVES,
    );
  });
});
