import type { MemberId, Packet, PacketVerdict } from "@demls/wire/core";

/** Reason a benign packet was ignored. */
export type IgnoredReason =
  | "own-echo"
  | "conversation-ended"
  | "not-joined"
  | "already-joined"
  | "other-conversation"
  | "other-group"
  | "welcome-for-others"
  | "already-a-member"
  | "spent-key-package"
  | "refused-joiner"
  | "banned-joiner"
  | "not-banned"
  | "no-confirmation"
  | "rejoin-blocked"
  | "leaf-notice-not-needed"
  | "confirmation-not-needed"
  | "already-buffered"
  | "repeated-announcement"
  | "past-epoch"
  | "epoch-out-of-reach"
  | "own-message"
  | "handshake-outside-candidate"
  | "known-proposal"
  | "decided-proposal"
  | "known-candidate"
  | "known-message"
  | "lesser-candidate"
  | "committed-candidate"
  | "sync-not-needed"
  | "empty-message"
  | "local-only-message"
  | "unknown-repair-key"
  | "other-branch"
  | "expired-report"
  | "old-packet"
  | "too-many-requests"
  | "known-choice"
  | "too-many-choices"
  | "buffer-full"
  | "queue-full";

/** Reason a packet was rejected: it is malformed, forged, or violates a rule. */
export type RejectedReason =
  | "unknown-subtopic"
  | "malformed-packet"
  | "packet-too-large"
  | "malformed-message"
  | "not-decryptable"
  | "replayed-message"
  | "invalid-welcome"
  | "invalid-confirmation"
  | "invalid-key-package"
  | "foreign-proposal-owner"
  | "foreign-vote"
  | "borrowed-leave-id"
  | "borrowed-name"
  | "removal-by-silence"
  | "wrong-expected-voters"
  | "unauthorized-fast-path"
  | "not-a-voter"
  | "too-many-proposals"
  | "proposal-too-large"
  | "unproved-identity"
  | "vote-too-large"
  | "undecodable-request"
  | "not-a-member"
  | "invalid-candidate"
  | "candidate-too-large"
  | "unauthorized-candidate"
  | "invalid-sync"
  | "consensus";

/**
 * Outcome of an inbound packet.
 *
 * Only `accepted` and `buffered` packets change the conversation, with these exceptions. Any packet may consume an MLS
 * generation of its sender or emit `epochGap` or `diverged` once. In `de-mls-3`, a rejected vote that 3.0.0 members may
 * have counted is noted. `max-rounds-exceeded` fails its vote. An `unauthorized-candidate` is stored so that its
 * authenticated sender is scored. `detail` is the reason of a lower layer, such as a consensus or MLS error code.
 */
export type InboundOutcome =
  | {
      readonly kind: "accepted";
      readonly what:
        | "message"
        | "proposal"
        | "vote"
        | "candidate"
        | "sync"
        | "welcome"
        | "keyPackage"
        | "leafNotice"
        | "memberConfirmation"
        | "banRequest"
        | "unban"
        | "invitation"
        | "confirmation"
        | "repair"
        | "choice";
      readonly sender: MemberId | undefined;
    }
  | {
      readonly kind: "buffered";
      readonly reason:
        | "future-epoch"
        | "before-join"
        | "before-confirmation"
        | "before-proposal"
        | "before-electorate"
        | "before-mandate";
    }
  | { readonly kind: "ignored"; readonly reason: IgnoredReason; readonly detail?: string }
  | {
      readonly kind: "rejected";
      readonly reason: RejectedReason;
      readonly detail?: string;
      readonly sender?: MemberId;
    };

export function accepted(
  what: Extract<InboundOutcome, { kind: "accepted" }>["what"],
  sender: MemberId | undefined,
): InboundOutcome {
  return { kind: "accepted", what, sender };
}

export function ignored(reason: IgnoredReason, detail?: string): InboundOutcome {
  return detail === undefined ? { kind: "ignored", reason } : { kind: "ignored", reason, detail };
}

export function rejected(reason: RejectedReason, detail?: string, sender?: MemberId): InboundOutcome {
  return {
    kind: "rejected",
    reason,
    ...(detail === undefined ? {} : { detail }),
    ...(sender === undefined ? {} : { sender }),
  };
}

/** Reasons that leave the validity of a packet open. */
const UNJUDGED: ReadonlySet<string> = new Set<IgnoredReason | RejectedReason>([
  "past-epoch",
  "epoch-out-of-reach",
  "unknown-repair-key",
  "buffer-full",
  "queue-full",
  // Its key is already used: the packet may be genuine and late, or a duplicate.
  "replayed-message",
]);

/**
 * Verdict on a packet for the transport. A packet of an authenticated member that violates a rule passes, because peers
 * that forward it are not at fault.
 */
export function verdictOf(outcome: InboundOutcome): PacketVerdict {
  if (outcome.kind === "accepted") return "passed";
  if (outcome.kind === "ignored" && outcome.reason === "repeated-announcement") return "repeated";
  if (outcome.kind === "buffered" || UNJUDGED.has(outcome.reason)) return "unjudged";
  return outcome.kind === "rejected" && outcome.sender === undefined ? "forged" : "passed";
}

/** A packet with its outcome. A buffered packet is reported again when it is handled. */
export interface InboundReport {
  readonly packet: Packet;
  readonly outcome: InboundOutcome;
}
