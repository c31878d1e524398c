/**
 * Phase of a conversation.
 *
 * `pending-join` → `working` → `freezing` → `selection` → `working`, or → `reelection` → `working`. In `selection` a
 * member of a strict conversation has chosen a commit and waits for the choices of the others; in `de-mls-3` mode it
 * begins and ends within one step. `ended` is final.
 */
export type Phase = "pending-join" | GroupPhase | "ended";

/** Phase in which this member is in the group. */
export type GroupPhase = "working" | "freezing" | "selection" | "reelection";

/** Reason that a conversation ended for this member. */
export type EndReason = "left" | "removed" | "join-expired" | "join-cancelled";

/** Result of a vote. `failed`: undecided at its deadline, or abandoned before it was published. */
export type DecisionResult = "yes" | "no" | "failed";
