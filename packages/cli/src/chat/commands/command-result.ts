import type { ChatMessage, MemberId, RequestSnapshot } from "demls";
import type { ConversationInspection } from "demls/trace";
import type { ConnectionState } from "../network/chat-transport.js";
import type { LoggedDecision } from "../room/decision-log.js";
import type { BanRow, MemberRow } from "../room/member-rows.js";
import type { StewardOverview } from "../room/steward-overview.js";
import type { VoteRow } from "../room/vote-rows.js";

/** A vote that the user has cast. */
export interface VoteByHand {
  readonly proposalId: number;
  readonly number: number;
  readonly choice: boolean;
}

/** Result of a command. */
export type CommandResult =
  | { readonly kind: "done" }
  /** The leave is proposed. `waits`: until another member is online, since none is now. */
  | { readonly kind: "leaving"; readonly waits: boolean }
  /** The message was encrypted. */
  | { readonly kind: "sent"; readonly messageId: string }
  /** The command opened a vote. */
  | { readonly kind: "opened"; readonly proposalId: number; readonly number: number }
  | ({ readonly kind: "voted" } & VoteByHand)
  /** Oldest first. */
  | { readonly kind: "history"; readonly messages: readonly ChatMessage[] }
  | {
      readonly kind: "members";
      readonly members: readonly MemberRow[];
      readonly bans: readonly BanRow[];
    }
  /**
   * `addresses`: those in the line, at which the guest finds members. `neighbour`: options with which another person on this
   * machine joins, if they are needed. `qr`: whether its QR code is wanted.
   */
  | {
      readonly kind: "invited";
      readonly neighbour: string | undefined;
      readonly line: string;
      readonly id: string;
      readonly uses: number;
      readonly expiresWallMs: number;
      readonly addresses: readonly string[];
      readonly qr: boolean;
    }
  | { readonly kind: "revoked"; readonly id: string }
  /** The joiner is proposed or refused. */
  | { readonly kind: "answered"; readonly joiner: MemberId; readonly admitted: boolean }
  /** First come, first. */
  | { readonly kind: "requests"; readonly requests: readonly RequestSnapshot[] }
  /** The code that the member has for this user, too. */
  | {
      readonly kind: "code";
      readonly member: MemberId;
      readonly name: string;
      readonly code: string;
      readonly verified: boolean;
    }
  /** The user has marked a member, or taken the mark back. */
  | {
      readonly kind: "marked";
      readonly member: MemberId;
      readonly name: string;
      readonly verified: boolean;
    }
  | { readonly kind: "votes"; readonly votes: readonly VoteRow[] }
  | ({ readonly kind: "stewards" } & StewardOverview)
  | { readonly kind: "decisions"; readonly decisions: readonly LoggedDecision[] }
  | {
      readonly kind: "state";
      readonly inspection: ConversationInspection;
      readonly epochSteward: MemberId | undefined;
      /** Hex. Equal for two members if and only if they share the epoch's keys. */
      readonly epochAuthenticator: string | undefined;
      /** A shorter code of the same, in digits. */
      readonly fingerprint: string | undefined;
    }
  /** `neighbour`: options with which another person on this machine joins, if they are needed. */
  | {
      readonly kind: "addresses";
      readonly addresses: readonly string[];
      readonly neighbour: string | undefined;
    }
  | { readonly kind: "connections"; readonly peerId: string; readonly connection: ConnectionState }
  | { readonly kind: "help" };
