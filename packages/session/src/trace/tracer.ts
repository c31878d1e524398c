import { DemlsError } from "@demls/wire/core";
import { Subject } from "rxjs";
import type { Effect } from "../model/effect.js";
import type { Environment } from "../model/environment.js";
import type { Input } from "../model/input.js";
import { tracedInput, type TraceRecord } from "./record.js";

/** Records the input and the results of each step while there are subscribers. */
export interface Tracer {
  readonly records: Subject<TraceRecord>;
  /** Records a successful step. */
  taken(input: Input, env: Environment, effects: readonly Effect[]): void;
  /** Records a failed step. @throws the same error. */
  failed(input: Input, env: Environment, error: unknown): never;
}

export function createTracer(): Tracer {
  const records = new Subject<TraceRecord>();
  const tell = (step: () => readonly TraceRecord[]): void => {
    if (records.observed) for (const record of step()) records.next(record);
  };
  return {
    records,
    taken: (input, env, effects) => tell(() => recordsOfStep(input, env, effects)),
    failed(input, env, error) {
      tell(() => recordsOfFailure(input, env, error));
      throw error;
    },
  };
}

/** Records of a successful step. */
export function recordsOfStep(
  input: Input,
  env: Environment,
  effects: readonly Effect[],
): readonly TraceRecord[] {
  return [inputRecord(input, env), ...effects.flatMap((effect) => recordOf(effect, input))];
}

/** Records of a failed step. Only the error code is recorded, because the message may quote the input. */
export function recordsOfFailure(input: Input, env: Environment, error: unknown): readonly TraceRecord[] {
  const code = error instanceof DemlsError ? String(error.code) : "unexpected";
  return [inputRecord(input, env), { kind: "failed", code }];
}

function inputRecord(input: Input, { nowMs, nowSeconds }: Environment): TraceRecord {
  return { kind: "input", nowMs, nowSeconds, input: tracedInput(input) };
}

function recordOf(effect: Effect, input: Input): readonly TraceRecord[] {
  if (effect.kind === "trace") return [{ kind: "decision", decision: effect.decision }];
  if (effect.kind !== "inbound") return [];
  const buffered = input.kind !== "packet" || effect.packet !== input.packet;
  return [{ kind: "outcome", buffered, outcome: effect.outcome }];
}
