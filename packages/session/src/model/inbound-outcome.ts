import type { MemberId, Packet, PacketVerdict } from "@demls/wire/core";

/** Why a packet changed nothing, though nobody did wrong. */
export type IgnoredReason =
  | "own-echo"
  | "conversation-ended"
  | "not-joined"
  | "already-joined"
  | "other-conversation"
  | "welcome-for-others"
  | "already-a-member"
  | "already-buffered"
  | "past-epoch"
  | "epoch-out-of-reach"
  | "own-message"
  | "handshake-outside-candidate"
  | "known-proposal"
  | "decided-proposal"
  | "known-candidate"
  | "lesser-candidate"
  | "committed-candidate"
  | "sync-not-needed"
  | "empty-message"
  | "local-only-message"
  | "buffer-full"
  | "queue-full";

/** Why a packet was refused: it is malformed, forged, or breaks a rule. */
export type RejectedReason =
  | "unknown-subtopic"
  | "malformed-packet"
  | "packet-too-large"
  | "malformed-message"
  | "not-decryptable"
  | "replayed-message"
  | "invalid-welcome"
  | "invalid-key-package"
  | "foreign-proposal-owner"
  | "foreign-vote"
  | "borrowed-leave-id"
  | "borrowed-name"
  | "wrong-expected-voters"
  | "unauthorized-fast-path"
  | "not-a-voter"
  | "too-many-proposals"
  | "proposal-too-large"
  | "vote-too-large"
  | "undecodable-request"
  | "not-a-member"
  | "invalid-candidate"
  | "candidate-too-large"
  | "unauthorized-candidate"
  | "invalid-sync"
  | "consensus";

/**
 * What became of an inbound packet.
 *
 * Only `accepted` and `buffered` change the conversation. What is refused leaves at most the sender's spent MLS
 * generation, a note that `epochGap` or `diverged` was told, and, outside strict conversations, what 3.0.0 members may
 * have counted all the same. Two go further: `max-rounds-exceeded` fails its vote, and an `unauthorized-candidate` is
 * held so that its authenticated sender is scored for it. `detail` is the lower layer's reason, such as a consensus or
 * MLS error code.
 */
export type InboundOutcome =
  | {
      readonly kind: "accepted";
      readonly what:
        "message" | "proposal" | "vote" | "candidate" | "sync" | "welcome" | "keyPackage" | "banRequest";
      readonly sender: MemberId | undefined;
    }
  | {
      readonly kind: "buffered";
      readonly reason:
        "future-epoch" | "before-join" | "before-proposal" | "before-electorate" | "before-mandate";
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

/** Why a packet was not looked into far enough to know whose it is. */
const UNJUDGED: ReadonlySet<string> = new Set<IgnoredReason | RejectedReason>([
  "past-epoch",
  "epoch-out-of-reach",
  "buffer-full",
  "queue-full",
  // Its key is spent: it may be the genuine one, come late or once more.
  "replayed-message",
]);

/**
 * What a transport is told of a packet. One of a member who was authenticated and broke a rule has passed: who carried
 * it did nothing wrong.
 */
export function verdictOf(outcome: InboundOutcome): PacketVerdict {
  if (outcome.kind === "accepted") return "passed";
  if (outcome.kind === "buffered" || UNJUDGED.has(outcome.reason)) return "unjudged";
  return outcome.kind === "rejected" && outcome.sender === undefined ? "forged" : "passed";
}

/** A packet and what became of it; one that was buffered is reported again when its time comes. */
export interface InboundReport {
  readonly packet: Packet;
  readonly outcome: InboundOutcome;
}
