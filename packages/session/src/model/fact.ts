import type { MemberId, Packet } from "@demls/wire/core";
import type { Fork } from "./branches.js";
import type { InboundOutcome } from "./inbound-outcome.js";
import type { OutboxEntry } from "./messages.js";
import type { DecisionResult } from "./phase.js";
import type { PacketSlot } from "./repair.js";
import type { OpenVote } from "./votes.js";

/**
 * Result of a handler that leads to further actions in the same step. step/follow-ups.ts lists the actions for each
 * fact.
 */
export type Fact =
  /** A vote has its result. */
  | { readonly kind: "voteDecided"; readonly vote: OpenVote; readonly result: DecisionResult }
  /** The result of a vote on a membership change has been applied. */
  | { readonly kind: "membershipApplied" }
  /** The result of a vote on an emergency has been applied. */
  | { readonly kind: "emergencyApplied" }
  /** A removal of a steward was approved. */
  | { readonly kind: "stewardLeaving"; readonly steward: MemberId }
  /** An elected steward list was installed. */
  | { readonly kind: "stewardsElected" }
  /** An election that this member would have derived was rejected. */
  | {
      readonly kind: "electionRejected";
      /** Whether all retry rounds are used up. */
      readonly isLast: boolean;
    }
  /** A membership change was requested and buffered. */
  | { readonly kind: "changeRequested" }
  /** An invitation was revoked, by which a joiner may have been approved. */
  | { readonly kind: "invitationRevoked" }
  /** A joiner has given up, whose addition may be approved. */
  | { readonly kind: "joinerWithdrawn" }
  /** Session slots that were held for peers are free. */
  | { readonly kind: "slotsReleased" }
  /** This member is about to begin an epoch by a commit that only a minority has chosen. */
  | {
      readonly kind: "parted";
      /** The epoch that it has ended. */
      readonly fork: Fork;
    }
  /** A commit was merged. */
  | { readonly kind: "epochBegun" }
  /** The automatic votes of a new epoch may be opened. */
  | { readonly kind: "epochVotesDue" }
  /** A packet will not be published. */
  | {
      readonly kind: "packetAbandoned";
      readonly sequence: number;
      readonly proposalId: number | undefined;
      readonly sealed: OutboxEntry["sealed"];
    }
  /** This member has merged the commits that it missed, from the epoch `from` on. */
  | { readonly kind: "caughtUp"; readonly from: bigint }
  /** A packet of a member of an epoch has arrived. */
  | {
      readonly kind: "memberHeard";
      readonly member: MemberId;
      readonly epoch: bigint;
      /** Position of the member in the roster of the epoch. */
      readonly position: number;
      /** Whether the packet may be old: its author may be gone. */
      readonly isResent: boolean;
    }
  /** The choice of a member of an epoch has arrived, and is kept. */
  | { readonly kind: "choiceReceived"; readonly epoch: bigint }
  /** No answer brought some candidates that other members had reported. */
  | { readonly kind: "candidatesLost"; readonly ids: readonly string[] }
  /** A packet cannot be read: it may belong to a later epoch or another branch. */
  | { readonly kind: "packetUnreadable" }
  /** A packet other than chat was encrypted: others must not miss it. */
  | { readonly kind: "packetSealed" }
  /** An encrypted packet was published. */
  | {
      readonly kind: "packetPublished";
      /** Id of this member's proposal in it, if any. */
      readonly proposalId: number | undefined;
      readonly epoch: bigint;
      readonly slot: PacketSlot;
      readonly payload: Uint8Array;
    }
  /** A member has left the branch of an epoch. */
  | {
      readonly kind: "branchMoved";
      readonly epoch: bigint;
      /** Position of the member in the roster of the epoch. */
      readonly position: number;
    }
  /** The branch of the current epoch counts as lost, because its members have left it. */
  | { readonly kind: "branchLost" }
  /** A member has answered a request for an epoch. */
  | {
      readonly kind: "requestAnswered";
      readonly epoch: bigint;
      /** Position of the member in the roster of the epoch. */
      readonly position: number;
      /** Epoch that the member is in. */
      readonly peerEpoch: bigint;
      /** Whether it has answered the last try, with all that it has. */
      readonly isComplete: boolean;
    }
  /** A peer has confirmed this member's next generation: it may encrypt. */
  | { readonly kind: "heightConfirmed" }
  /** A freeze ended, and no change waits for a commit. */
  | { readonly kind: "freezeEndedIdle" }
  /** A freeze ended without a commit of the approved changes. */
  | { readonly kind: "freezeFailed" };

/** Fact of a kind. */
export type FactOf<Kind extends Fact["kind"]> = Extract<Fact, { kind: Kind }>;

/** Facts, in order. */
export type Facts = readonly Fact[];

export const NO_FACTS: Facts = [];

/** Result of handling a packet, or a message in one. */
export interface Handled {
  readonly outcome: InboundOutcome;
  readonly facts: Facts;
  /** Packets that a repair packet serves, to be handled next. */
  readonly served?: readonly Packet[];
}

/** A {@link Handled} packet with its facts. */
export function handled(outcome: InboundOutcome, facts: Facts = NO_FACTS): Handled {
  return { outcome, facts };
}
