import type { TestState } from "../harness/index.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { keeping, replaying } from "../../../../hostile/regressions.js";
import { createTries, isFullCount, trying } from "../../../../hostile/runs.js";
import type { CompatibilityMode } from "../../src/index.js";
import type { InboundOutcome } from "../../src/trace/index.js";
import { encodeState } from "../harness/index.js";
import { attempt, createSealer, draft, type Draft } from "./attempt.js";
import { deliverHostile } from "./delivery.js";
import { REGRESSIONS } from "./places.js";
import { kept, originOf, readRow, writeRow } from "./kept.js";
import { reachStages, type Stage } from "./stages.js";

/** Numbers of packets; see docs/hostile-input.md. */
export interface Extent {
  readonly fakes: boolean;
  /** Single packets for each stage, each delivered to a fresh copy of the stage. */
  readonly each: number;
  /** Rows of packets for each stage; each packet is delivered to the state after the packets before it. */
  readonly rows: number;
  /** Outcomes that must occur, so that packets rejected too early are noticed. */
  readonly reached: readonly string[];
}

/** Packets in a row. */
const ROW = 40;

/** Declares the tests of one mode. */
export async function describeHostility(mode: CompatibilityMode, extent: Extent): Promise<void> {
  const stages = await reachStages(mode, extent);
  const tries = createTries();
  const outcomes = new Set<string>();

  async function tryOut(
    stage: Stage,
    made: Draft,
    seal: ReturnType<typeof createSealer>,
    state = stage.reader.state,
  ) {
    tries.note(stage.name);
    const { outcome, state: next } = await deliverHostile(stage, await seal(made), state);
    if (outcome !== undefined) outcomes.add(wordsFor(outcome));
    return next;
  }

  async function tryRow(stage: Stage, row: readonly Draft[]): Promise<void> {
    const seal = createSealer(stage.world);
    let { state } = stage.reader;
    for (const made of row) state = (await tryOut(stage, made, seal, state)) as TestState;
  }

  describe.each(stages.map((stage) => [stage.name, stage] as const))(
    "%s",
    { timeout: 600_000 },
    (name, stage) => {
      const { reader } = stage;
      const placed = (detail: string): string => [mode, name, detail].join(" / ");

      test("a hostile packet has an outcome, and changes nothing where it is refused", async () => {
        const before = encodeState(reader.state, reader.mls);
        await fc.assert(
          fc.asyncProperty(attempt, async (how) => {
            const made = draft(how, stage);
            await keeping(
              placed(originOf(stage, made)),
              made.bytes,
              async () => void (await tryOut(stage, made, createSealer(stage.world))),
            );
          }),
          trying(extent.each),
        );
        // The state is frozen, except the content of its byte strings.
        expect(encodeState(reader.state, reader.mls)).toBe(before);
      });

      test("and so does each of a row of them, whatever those before it have led to", async () => {
        await fc.assert(
          fc.asyncProperty(fc.array(attempt, { minLength: ROW, maxLength: ROW }), async (row) => {
            const drafts = row.map((how) => draft(how, stage));
            await keeping(placed("row"), writeRow(stage, drafts), () => tryRow(stage, drafts));
          }),
          trying(extent.rows),
        );
      });
    },
  );

  test("so many were tried in each stage, and they got as far as they should", () => {
    const each = extent.each + extent.rows * ROW;
    tries.expectAtLeast(Object.fromEntries(stages.map(({ name }) => [name, each])), each * stages.length);
    if (isFullCount) expect(extent.reached.filter((words) => !outcomes.has(words))).toEqual([]);
  });

  replaying(REGRESSIONS, {
    [mode]: async (bytes, name, detail = "") => {
      const stage = stages.find((candidate) => candidate.name === name);
      if (stage === undefined) throw new Error(`There is no stage ${name}.`);
      await tryRow(stage, detail === "row" ? readRow(stage, bytes) : [kept(stage, detail, bytes)]);
    },
  });
}

function wordsFor(outcome: InboundOutcome): string {
  return `${outcome.kind} ${outcome.kind === "accepted" ? outcome.what : outcome.reason}`;
}
