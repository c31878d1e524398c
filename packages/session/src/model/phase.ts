/**
 * Phase of a conversation.
 *
 * `pending-join` → `working` → `freezing` → `selection` → `working`, or → `reelection` → `working`. `selection` begins
 * and ends within one step: events contain it, but a stored state never does. `ended` is final.
 */
export type Phase = "pending-join" | GroupPhase | "ended";

/** Phase in which this member is in the group. */
export type GroupPhase = "working" | "freezing" | "selection" | "reelection";

/** Reason that a conversation ended for this member. */
export type EndReason = "left" | "removed" | "join-expired" | "join-cancelled";

/** Result of a vote. `failed`: undecided at its deadline, or abandoned before it was published. */
export type DecisionResult = "yes" | "no" | "failed";
