import type { Environment } from "../model/environment.js";
import type { Input } from "../model/input.js";
import type { ConversationState } from "../model/state.js";
import { step } from "../step/step.js";
import { encodeTraceRecord } from "./codec.js";
import { replayedInput, type TraceRecord } from "./record.js";
import { recordsOfFailure, recordsOfStep } from "./tracer.js";

/** A step that did not come to what is recorded of it. */
export interface ReplayDifference {
  /** Which of the trace's inputs it is, from 0. */
  readonly step: number;
  /** The step's records, its input first. */
  readonly recorded: readonly TraceRecord[];
  readonly replayed: readonly TraceRecord[];
}

/** What a replay came to. */
export interface Replay {
  /** The state after the last step. */
  readonly state: ConversationState;
  /** In order. What follows the first may follow from it. */
  readonly differences: readonly ReplayDifference[];
}

/**
 * Takes the steps of a trace again and says where they come to something else: another decision, outcome or
 * failure.
 *
 * Chat is not in a trace: what is sealed in its place has the same length and other content.
 *
 * @param records of one conversation, without gaps. What comes before the first input is passed over.
 * @param start the state before the first of them. It is left as it is.
 * @param environmentAt the environment of a step but for its clocks, at the recorded time: the same plug-ins, and the same
 * randomness drawn in the same order, by the MLS service as well. Key packages are there from the beginning;
 * those that a replayed step has used are taken out here.
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
  /** The key packages that it used, by their references. */
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
