import { type ConversationState, isActive } from "../../src/step/index.js";
import type { IgnoredReason, InboundOutcome, RejectedReason } from "../../src/trace/index.js";

/** Changes that a rejected or ignored packet may leave in the state. */
export type Trace =
  /**
   * The sender's consumed MLS generation, and the packet kept for members that lack it. The group's epoch, members and
   * own generations are unchanged.
   */
  | "spent-generation"
  | "spent-own-generation"
  /** A claimed later epoch, reported once by `epochGap`, and a request for its commit. */
  | "gap"
  /** A possible divergence of other members, reported once in an epoch by `diverged`. */
  | "divergence"
  /** A proposal or vote that 3.0.0 members may have counted, noted to recognise their commit. Only in de-mls-3. */
  | "observed"
  /** A consensus session that fails because of the packet, as in hashgraph-like-consensus. */
  | "failed-session"
  /** The candidate, stored so that its sender is scored at the selection. */
  | "held-candidate"
  /** The packets that another member has, compared with those of this member. */
  | "compared"
  /** A welcome that is sent again to a joiner that missed it. */
  | "resent-welcome"
  /** The answer to a member that may have lost its storage. */
  | "planned-notice"
  /**
   * Another group that claims to have added this member too, reported once by `ambiguousConversation`, or a joiner that
   * this one buffers.
   */
  | "other-welcome";

/**
 * Every reason to ignore or reject a packet, with the changes that such a packet may leave: the exceptions to "a
 * refused packet changes nothing".
 */
export const TRACES: Readonly<Record<IgnoredReason | RejectedReason, readonly Trace[]>> = {
  // Rejected or ignored before decryption.
  "own-echo": [],
  "conversation-ended": [],
  "not-joined": [],
  "other-conversation": [],
  "other-group": ["other-welcome"],
  "unknown-subtopic": [],
  "malformed-packet": [],
  "packet-too-large": [],
  "queue-full": [],
  "repeated-announcement": [],
  "handshake-outside-candidate": ["spent-generation"],
  "already-joined": [],
  "welcome-for-others": [],
  "invalid-welcome": [],
  "already-a-member": ["resent-welcome", "planned-notice"],
  "spent-key-package": ["resent-welcome"],
  "refused-joiner": [],
  "banned-joiner": [],
  "leaf-notice-not-needed": [],
  "confirmation-not-needed": [],
  "invalid-confirmation": [],
  "rejoin-blocked": ["resent-welcome"],
  "invalid-key-package": [],
  "own-message": [],
  "replayed-message": [],
  "not-decryptable": ["divergence"],
  "epoch-out-of-reach": ["gap"],
  "unknown-repair-key": ["gap"],
  "other-branch": [],
  "expired-report": [],
  "old-packet": [],
  "too-many-requests": ["compared"],
  "known-choice": ["compared"],
  "too-many-choices": ["compared"],
  "buffer-full": ["gap", "spent-generation"],
  // Candidates, whose envelope is not authenticated.
  "invalid-candidate": ["spent-own-generation"],
  "candidate-too-large": [],
  "known-candidate": [],
  "known-message": ["spent-generation"],
  "committed-candidate": [],
  "lesser-candidate": ["spent-generation"],
  "unauthorized-candidate": ["spent-generation", "held-candidate"],
  // Decrypted, which consumes the generation.
  "past-epoch": ["spent-generation"],
  "no-confirmation": ["spent-generation"],
  "not-banned": ["spent-generation"],
  "malformed-message": ["spent-generation"],
  "empty-message": ["spent-generation"],
  "local-only-message": ["spent-generation"],
  "not-a-member": ["spent-generation"],
  "already-buffered": ["spent-generation", "resent-welcome"],
  "sync-not-needed": ["spent-generation"],
  "invalid-sync": ["spent-generation"],
  "known-proposal": ["spent-generation"],
  "decided-proposal": ["spent-generation", "observed"],
  "undecodable-request": ["spent-generation"],
  "proposal-too-large": ["spent-generation"],
  "unproved-identity": ["spent-generation"],
  "foreign-proposal-owner": ["spent-generation"],
  "borrowed-leave-id": ["spent-generation"],
  "borrowed-name": ["spent-generation"],
  "removal-by-silence": ["spent-generation"],
  "wrong-expected-voters": ["spent-generation", "observed"],
  "unauthorized-fast-path": ["spent-generation", "observed"],
  "too-many-proposals": ["spent-generation"],
  "not-a-voter": ["spent-generation"],
  "vote-too-large": ["spent-generation"],
  "foreign-vote": ["spent-generation", "observed"],
  consensus: ["spent-generation", "failed-session"],
};

/** The fields that any packet of a member changes. */
const HEARD = ["repair.heard", "repair.aloneSinceMs", "presence.heardAt", "presence.missedEpochs"];

/** The fields of the state in which each trace is left: see `changedFields`. */
const FIELDS: Readonly<Record<Trace, readonly string[]>> = {
  "spent-generation": [...HEARD, "group", "repair.log", "repair.requests", "repair.trickle"],
  "spent-own-generation": ["group"],
  gap: ["epoch.gapReported", "repair.requests", "repair.unreadableAfterMs", "repair.aloneSinceMs"],
  "resent-welcome": [
    "admission.welcomes",
    "admission.confirmations",
    "outbox.entries",
    "outbox.nextSequence",
  ],
  compared: [...HEARD, "repair.voids", "repair.requests", "repair.trickle"],
  "planned-notice": ["rejoin.notices"],
  "other-welcome": ["sync.otherGroups", "changes.pending", "changes.proposalDueSinceMs"],
  divergence: ["epoch.divergenceReported"],
  observed: ["votes.observed"],
  "failed-session": ["votes.sessions"],
  // In reelection, the first candidate starts the wait for better ones.
  "held-candidate": ["commit.candidates", "commit.anchoredAtMs"],
};

/**
 * The fields of the state that an outcome may have changed. `"anything"` if the packet was accepted or buffered, or if
 * it was the last candidate, which ended the phase.
 */
export function mayChange(
  outcome: InboundOutcome,
  before: ConversationState,
  after: ConversationState,
): ReadonlySet<string> | "anything" {
  if (outcome.kind === "accepted" || outcome.kind === "buffered") return "anything";
  const traces = TRACES[outcome.reason];
  if (traces.includes("held-candidate") && before.phase !== after.phase) return "anything";
  const fields = traces
    .filter((trace) => trace !== "observed" || (isActive(before) && before.mode === "de-mls-3"))
    // Any other rejected vote leaves the consensus unchanged.
    .filter((trace) => trace !== "failed-session" || outcome.detail === "max-rounds-exceeded")
    // A candidate of this member, sealed in a later life of its state.
    .filter((trace) => trace !== "spent-own-generation" || outcome.detail === "own-message")
    .flatMap((trace) => FIELDS[trace]);
  return new Set(fields);
}
