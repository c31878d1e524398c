import type { GroupTrust } from "@demls/join";
import type { ChangeRequest } from "./request.js";
import type { MemberId, Packet } from "@demls/wire/core";

/**
 * Vote of a proposer on its own proposal (`CreatorVote` in de-mls 3.0.0).
 *
 * - `"yes"`: the yes vote travels with the proposal.
 * - `"deferred"`: the proposal is sent without a vote; the proposer votes later, like other members.
 */
export type CreatorVote = "yes" | "deferred";

/** Command of this member. */
export type Command =
  | {
      readonly kind: "propose";
      readonly request: ChangeRequest;
      readonly creatorVote: CreatorVote;
    }
  | { readonly kind: "vote"; readonly proposalId: number; readonly vote: boolean }
  | { readonly kind: "send"; readonly ticket: number; readonly content: Uint8Array }
  | {
      readonly kind: "announceKeyPackage";
      readonly keyPackage: Uint8Array;
      /** Redemption of an invitation for it: no other group is entered from then on. */
      readonly redemption?: Uint8Array;
    }
  | { readonly kind: "announceAgain" }
  /** Notes that the inviter of an invitation has shown the group state of this member. */
  | { readonly kind: "noteAssurance"; readonly assurance: GroupTrust; readonly inviter: MemberId }
  /** Lets a pending join last at least until this monotonic time. */
  | { readonly kind: "awaitJoin"; readonly untilMs: number }
  /** Ends a pending join: its user does not want it any more, or it has run out of time. */
  | { readonly kind: "giveUpJoin"; readonly isCancelled: boolean }
  /** A joiner has given up: `signature` by its leaf's key is not verified yet. */
  | {
      readonly kind: "withdrawJoiner";
      readonly member: MemberId;
      readonly reference: string;
      readonly signature: Uint8Array;
    }
  | { readonly kind: "admit"; readonly joiner: MemberId }
  | { readonly kind: "refuse"; readonly joiner: MemberId }
  | { readonly kind: "sendSync" }
  | { readonly kind: "regenerateStewards" }
  | { readonly kind: "renewKeys" }
  | { readonly kind: "unban"; readonly member: MemberId }
  | { readonly kind: "confirmMember"; readonly member: MemberId }
  /** `expiresAt` in seconds since the Unix epoch, 0: never. */
  | {
      readonly kind: "shareInvitation";
      readonly id: string;
      readonly expiresAt: bigint;
      readonly memberKey: Uint8Array;
    }
  | { readonly kind: "revokeInvitation"; readonly id: string }
  | { readonly kind: "markVerified"; readonly member: MemberId; readonly verified: boolean }
  | { readonly kind: "leave" };

/** Command of one kind. */
export type CommandOf<Kind extends Command["kind"]> = Extract<Command, { readonly kind: Kind }>;

/** Input of a step. */
export type Input =
  /** `origin` is absent for a packet that arrives from the network. */
  | { readonly kind: "packet"; readonly packet: Packet; readonly origin?: "history" }
  | { readonly kind: "command"; readonly command: Command }
  /** Runs everything that is due at the environment's `nowMs`. */
  | { readonly kind: "tick" }
  /** The process was started again, or stood still: the conversation catches up before it acts. */
  | { readonly kind: "resumed" }
  | { readonly kind: "signed"; readonly requestId: number; readonly signature: Uint8Array }
  | { readonly kind: "signingFailed"; readonly requestId: number }
  | { readonly kind: "published"; readonly sequence: number }
  | { readonly kind: "publishFailed"; readonly sequence: number };
