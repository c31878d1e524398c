/**
 * Phase of a conversation.
 *
 * `pending-join` → `working` → `freezing` → `selection` → `working`, or → `reelection` → `working`. `selection` begins
 * and ends within one step, so an event names it and no state at rest has it. `ended` is final.
 */
export type Phase = "pending-join" | GroupPhase | "ended";

/** Phase of a conversation whose group this member is in. */
export type GroupPhase = "working" | "freezing" | "selection" | "reelection";

/** Reason for which a conversation ended for this member. */
export type EndReason = "left" | "removed" | "join-expired" | "join-cancelled";

/** Result of a vote. `failed`: undecided at its deadline, or abandoned before it was published. */
export type DecisionResult = "yes" | "no" | "failed";
