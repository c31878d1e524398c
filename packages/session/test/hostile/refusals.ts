import { type ConversationState, isActive } from "../../src/step/index.js";
import type { IgnoredReason, InboundOutcome, RejectedReason } from "../../src/trace/index.js";

/** What a refused packet may leave behind, besides nothing. */
export type Trace =
  /** The sender's spent MLS generation, no more: the group's epoch, members and own generations are the same. */
  | "spent-generation"
  /** That a later epoch is claimed; told once for each by `epochGap`. */
  | "gap"
  /** That others may have parted from this member; told once in an epoch by `diverged`. */
  | "divergence"
  /** What 3.0.0 members may have counted all the same, so that a commit by it is known. Only outside strict mode. */
  | "observed"
  /** A session of the consensus that fails by it, as in hashgraph-like-consensus. */
  | "failed-session"
  /** The candidate itself, held so that its sender is scored for it when the phase ends. */
  | "held-candidate";

/**
 * Every reason for which a packet is refused, with what it may leave behind: the whole of what this project means by
 * "a rejected packet changes nothing".
 */
export const TRACES: Readonly<Record<IgnoredReason | RejectedReason, readonly Trace[]>> = {
  // Refused unread.
  "own-echo": [],
  "conversation-ended": [],
  "not-joined": [],
  "other-conversation": [],
  "unknown-subtopic": [],
  "malformed-packet": [],
  "packet-too-large": [],
  "queue-full": [],
  "handshake-outside-candidate": ["spent-generation"],
  "already-joined": [],
  "welcome-for-others": [],
  "invalid-welcome": [],
  "already-a-member": [],
  "invalid-key-package": [],
  "own-message": [],
  "replayed-message": [],
  "not-decryptable": ["divergence"],
  "epoch-out-of-reach": ["gap"],
  "buffer-full": ["gap", "spent-generation"],
  // Candidates, read without being believed.
  "invalid-candidate": [],
  "candidate-too-large": [],
  "known-candidate": [],
  "committed-candidate": [],
  "lesser-candidate": ["spent-generation"],
  "unauthorized-candidate": ["spent-generation", "held-candidate"],
  // Opened, and so spent.
  "past-epoch": ["spent-generation"],
  "malformed-message": ["spent-generation"],
  "empty-message": ["spent-generation"],
  "local-only-message": ["spent-generation"],
  "not-a-member": ["spent-generation"],
  "already-buffered": ["spent-generation"],
  "sync-not-needed": ["spent-generation"],
  "invalid-sync": ["spent-generation"],
  "known-proposal": ["spent-generation"],
  "decided-proposal": ["spent-generation", "observed"],
  "undecodable-request": ["spent-generation"],
  "proposal-too-large": ["spent-generation"],
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

/** The fields of the state in which each trace is left: see `changedFields`. */
const FIELDS: Readonly<Record<Trace, readonly string[]>> = {
  "spent-generation": ["group"],
  gap: ["epoch.gapReported"],
  divergence: ["epoch.divergenceReported"],
  observed: ["votes.observed"],
  "failed-session": ["votes.sessions"],
  // In a reelection the wait for better ones begins with the first.
  "held-candidate": ["commit.candidates", "commit.anchoredAtMs"],
};

/**
 * What of the state an outcome may have changed; `"anything"` where it was no refusal, or where the candidate held was
 * the last one awaited, so that one was chosen at once.
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
    // Any other rejected vote is not counted, and leaves the consensus as it was.
    .filter((trace) => trace !== "failed-session" || outcome.detail === "max-rounds-exceeded")
    .flatMap((trace) => FIELDS[trace]);
  return new Set(fields);
}
