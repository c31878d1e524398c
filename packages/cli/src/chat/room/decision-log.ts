import type { Clock, Conversation } from "demls";
import type { TracedDecision } from "demls/trace";

/** A decision with its time. */
export interface LoggedDecision {
  /** Monotonic time, in milliseconds. */
  readonly atMs: number;
  readonly decision: TracedDecision;
}

/** The most recent decisions of a conversation, with their reasons. */
export interface DecisionLog {
  /** The last `count` decisions, oldest first. */
  last(count: number): readonly LoggedDecision[];
}

/** Capacity of the log; the oldest decision is evicted. */
const MAX_DECISIONS = 200;

/** Creates a log of the decisions of `conversation` from now on. */
export function createDecisionLog({ admin }: Pick<Conversation, "admin">, clock: Clock): DecisionLog {
  const decisions: LoggedDecision[] = [];
  admin.trace$.subscribe((record) => {
    if (record.kind !== "decision") return;
    decisions.push({ atMs: clock.monotonicMs(), decision: record.decision });
    if (decisions.length > MAX_DECISIONS) decisions.shift();
  });
  return { last: (count) => decisions.slice(-count) };
}
