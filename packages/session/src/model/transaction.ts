import { DemlsError, type MemberId } from "@demls/wire/core";
import { compatibilityPolicy, type CompatibilityPolicy } from "./compatibility.js";
import type { Effect } from "./effect.js";
import type { Environment } from "./environment.js";
import type { ConversationEvent } from "./event.js";
import type { Fact, Facts } from "./fact.js";
import { removalTarget } from "./request.js";
import { isActive, type Active, type ConversationState, type PendingJoin, type SliceName } from "./state.js";
import type { TracedDecision } from "./traced-decision.js";

/**
 * Step in progress: its state and effects so far. Both take effect when the step succeeds; a step that throws changes
 * nothing.
 */
export interface Transaction<S extends ConversationState = ConversationState> {
  state: S;
  readonly env: Environment;
  readonly effects: Effect[];
  /** Facts that were noted where they cannot be returned. The end of the step follows them up. */
  readonly facts: Fact[];
}

/**
 * Transaction of a member in the group. The step that ends the conversation returns at once, so a transaction never
 * outlives its group.
 */
export type ActiveTransaction = Transaction<Active>;

/** Transaction of a conversation that has not ended. */
export type LiveTransaction = Transaction<PendingJoin | Active>;

/** Begins a step, or looks at a state as a step would. */
export function beginTransaction<S extends ConversationState>(state: S, env: Environment): Transaction<S> {
  return { state, env, effects: [], facts: [] };
}

/** Whether the conversation has not ended. */
export function isLive(tx: Transaction): tx is LiveTransaction {
  return tx.state.phase !== "ended";
}

/** Whether this member is in the group. */
export function inGroup(tx: Transaction): tx is ActiveTransaction {
  return isActive(tx.state);
}

/**
 * Returns the transaction of a member in the group.
 *
 * @throws DemlsError `not-joined` while the join is pending or after the end.
 */
export function requireGroup(tx: Transaction): ActiveTransaction {
  if (inGroup(tx)) return tx;
  throw notJoined(tx.state.name);
}

/** Error for a call that needs the group. */
export function notJoined(name: string): DemlsError<"not-joined"> {
  return new DemlsError("not-joined", {
    message: `This member is not in the conversation ${JSON.stringify(name)}.`,
    field: "conversation",
    remedy: "Wait for the joined event.",
  });
}

/** Transaction with the state of a group that this member joined. */
export function enterGroup(tx: Transaction, state: Active): ActiveTransaction {
  tx.state = state;
  return tx as ActiveTransaction;
}

/** Replaces fields of one slice of the state. */
export function update<S extends ConversationState, K extends SliceName & keyof S>(
  tx: Transaction<S>,
  slice: K,
  changes: Partial<S[K]>,
): void {
  tx.state = { ...tx.state, [slice]: { ...tx.state[slice], ...changes } };
}

/** Replaces fields outside the slices. */
export function updateActive(
  tx: ActiveTransaction,
  changes: Partial<Pick<Active, "phase" | "group" | "config">>,
): void {
  tx.state = { ...tx.state, ...changes };
}

export function emit(tx: Transaction, event: ConversationEvent): void {
  tx.effects.push({ kind: "event", event });
}

/** Notes a fact in a function whose result its callers need for something else. */
export function note(tx: Transaction, fact: Fact): void {
  tx.facts.push(fact);
}

/** Takes the facts that were noted. */
export function takeFacts(tx: Transaction): Facts {
  return tx.facts.splice(0);
}

/** Adds a decision to the trace: see `ConversationAdmin.trace$`. */
export function trace(tx: Transaction, decision: TracedDecision): void {
  tx.effects.push({ kind: "trace", decision });
}

export function policyOf(tx: ActiveTransaction): CompatibilityPolicy {
  return compatibilityPolicy(tx.state.mode);
}

/** Predicate of members without an approved removal, which can act as stewards. */
export function eligibleStewards(tx: ActiveTransaction): (member: MemberId) => boolean {
  const members = new Set(tx.state.group.members);
  return (member) => members.has(member) && !isPendingRemoval(tx.state, member);
}

/** Whether a removal of `member` is approved and not committed yet. */
export function isPendingRemoval({ changes }: Active, member: MemberId): boolean {
  return changes.approved.some(({ request }) => removalTarget(request) === member);
}
