import type { Environment } from "../model/environment.js";
import type { Input } from "../model/input.js";
import type { ConversationState } from "../model/state.js";
import { step } from "../step/step.js";
import { encodeTraceRecord } from "./codec.js";
import { replayedInput, type TraceRecord } from "./record.js";
import { recordsOfFailure, recordsOfStep } from "./tracer.js";

/** A replayed step with other results than recorded. */
export interface ReplayDifference {
  /** Index of the input in the trace, from 0. */
  readonly step: number;
  /** Records of the step, its input first. */
  readonly recorded: readonly TraceRecord[];
  readonly replayed: readonly TraceRecord[];
}

/** Result of a replay. */
export interface Replay {
  /** The state after the last step. */
  readonly state: ConversationState;
  /** Differences in order. Later differences may be caused by the first. */
  readonly differences: readonly ReplayDifference[];
}

/**
 * Replays the steps of a trace and reports differences in decisions, outcomes and failures.
 *
 * A trace contains no chat: the replay encrypts placeholders of the same length.
 *
 * @param records of one conversation, without gaps. Records before the first input are skipped.
 * @param start the state before the first input; not modified.
 * @param environmentAt returns the environment of a step, except its clocks, at the recorded time. It must use the same
 *   plug-ins and the same random values in the same order, including those of the MLS service. All key packages are
 *   present from the beginning; the replay removes those that a step consumes.
 */
export async function replayTrace(
  records: readonly TraceRecord[],
  start: ConversationState,
  environmentAt: (
    nowMs: number,
    nowSeconds: bigint,
  ) => Omit<Environment, "nowMs" | "nowSeconds" | "nowWallMs">,
): Promise<Replay> {
  const used = new Set<string>();
  const differences: ReplayDifference[] = [];
  let state = start;
  for (const [index, recorded] of stepsIn(records).entries()) {
    const { nowMs, nowSeconds, input } = recorded[0];
    const given = environmentAt(nowMs, nowSeconds);
    const keyPackages = given.keyPackages.filter(({ reference }) => !used.has(reference));
    const clocks = { nowMs, nowSeconds, nowWallMs: Number(nowSeconds) * 1_000 };
    const taken = await retake(state, replayedInput(input), { ...given, ...clocks, keyPackages });
    const { replayed } = taken;
    state = taken.state;
    for (const reference of taken.used) used.add(reference);
    if (textOf(recorded) !== textOf(replayed)) differences.push({ step: index, recorded, replayed });
  }
  return { state, differences };
}

async function retake(
  state: ConversationState,
  input: Input,
  env: Environment,
): Promise<{
  readonly state: ConversationState;
  readonly replayed: readonly TraceRecord[];
  /** References of the consumed key packages. */
  readonly used: readonly string[];
}> {
  try {
    const result = await step(state, input, env);
    const used = result.effects.flatMap((effect) =>
      effect.kind === "consumeKeyPackage" ? [effect.reference] : [],
    );
    return { state: result.state, replayed: recordsOfStep(input, env, result.effects), used };
  } catch (error) {
    return { state, replayed: recordsOfFailure(input, env, error), used: [] };
  }
}

type InputRecord = Extract<TraceRecord, { kind: "input" }>;
type StepRecords = readonly [InputRecord, ...TraceRecord[]];

function stepsIn(records: readonly TraceRecord[]): readonly StepRecords[] {
  const steps: [InputRecord, ...TraceRecord[]][] = [];
  for (const record of records) {
    if (record.kind === "input") steps.push([record]);
    else steps.at(-1)?.push(record);
  }
  return steps;
}

function textOf(records: readonly TraceRecord[]): string {
  return records.map(encodeTraceRecord).join("\n");
}
