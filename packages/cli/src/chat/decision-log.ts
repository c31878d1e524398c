import type { Clock, Conversation } from "demls";
import type { TracedDecision } from "demls/trace";

/** A decision, and when it was made. */
export interface LoggedDecision {
  /** Monotonic milliseconds. */
  readonly atMs: number;
  readonly decision: TracedDecision;
}

/** The decisions that a conversation made last, with their reasons. */
export interface DecisionLog {
  /** The last `count`, the oldest first. */
  last(count: number): readonly LoggedDecision[];
}

/** Decisions that are kept; the oldest gives way. */
const MAX_DECISIONS = 200;

/** Takes note of what `conversation` decides from now on. */
export function createDecisionLog({ admin }: Pick<Conversation, "admin">, clock: Clock): DecisionLog {
  const decisions: LoggedDecision[] = [];
  admin.trace$.subscribe((record) => {
    if (record.kind !== "decision") return;
    decisions.push({ atMs: clock.monotonicMs(), decision: record.decision });
    if (decisions.length > MAX_DECISIONS) decisions.shift();
  });
  return { last: (count) => decisions.slice(-count) };
}
