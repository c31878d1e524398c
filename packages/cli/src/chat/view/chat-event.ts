import type { ChatMessage, ConversationEvent, JoinAttempt, MemberId } from "demls";
import type { ObservedValueOf } from "rxjs";
import type { ConnectionChange } from "../network/connection-changes.js";

/** Progress of a join by an invitation. */
export type Joining = ObservedValueOf<JoinAttempt["progress$"]>;

/** An option of this start that a conversation which goes on ignores. */
export interface IgnoredOption {
  /** As it is typed, such as `--set freezeMs`. */
  readonly option: string;
  /** The value that holds. */
  readonly holds: string;
}

/** An event of a chat, other than the reply to a command. */
export type ChatEvent =
  /**
   * The chat has started. `created`: as a new conversation. `resumed`: it goes on from what was kept. `addresses`:
   * multiaddrs of this node. `kept`: the folder, and whether a passphrase protects it. `neighbour`: options with which
   * another person on this machine joins.
   */
  | {
      readonly kind: "started";
      readonly conversation: string;
      readonly created: boolean;
      readonly resumed: boolean;
      readonly member: MemberId;
      readonly peerId: string;
      readonly addresses: readonly string[];
      readonly identityFile: string | undefined;
      readonly kept: { readonly folder: string; readonly encrypted: boolean } | undefined;
      readonly neighbour: string | undefined;
    }
  /** Options of this start that the conversation ignores, each with the value that holds. */
  | { readonly kind: "ignored"; readonly options: readonly IgnoredOption[] }
  /** The group has removed this user, which asks to join again. */
  | { readonly kind: "removedBefore" }
  /** The last kept messages, oldest first. */
  | { readonly kind: "history"; readonly messages: readonly ChatMessage[] }
  /** Messages that this user typed before this start are not sent yet. */
  | { readonly kind: "waiting"; readonly messages: number }
  /** A message of this user is sent, and kept if the chat is. */
  | { readonly kind: "said"; readonly message: ChatMessage }
  /** The connections have changed. */
  | ({ readonly kind: "connection" } & ConnectionChange)
  /** A joiner has announced its key package to the subscribed peers. */
  | { readonly kind: "asked"; readonly subscribers: number }
  /** A joiner has asked, and is not let in after a minute and a half. Once. */
  | { readonly kind: "unanswered" }
  /** How far a join by an invitation is. */
  | ({ readonly kind: "joining" } & Joining)
  /** An event of the conversation. */
  | { readonly kind: "event"; readonly event: ConversationEvent }
  /** A failure after the reply to its command, or without a command. */
  | { readonly kind: "failed"; readonly error: unknown }
  /** The chat is ending; a second signal ends it immediately. `leaves`: whether this user leaves the group. */
  | { readonly kind: "closing"; readonly leaves: boolean }
  /** The chat has ended with this exit status. Always the last event. */
  | { readonly kind: "closed"; readonly status: number };
