import type { ConversationEvent, MemberId } from "demls";
import type { ConnectionState } from "../network/chat-transport.js";

/** An event of a chat, other than the reply to a command. */
export type ChatEvent =
  /** The chat has started. `addresses`: multiaddrs of this node. */
  | {
      readonly kind: "started";
      readonly conversation: string;
      readonly created: boolean;
      readonly member: MemberId;
      readonly peerId: string;
      readonly addresses: readonly string[];
      readonly identityFile: string | undefined;
    }
  /** The connections have changed. `subscribers`: number of peers that subscribe to this conversation. */
  | { readonly kind: "connection"; readonly connection: ConnectionState; readonly subscribers: number }
  /** A joiner has announced its key package to the subscribed peers. */
  | { readonly kind: "asked"; readonly subscribers: number }
  /** An event of the conversation. */
  | { readonly kind: "event"; readonly event: ConversationEvent }
  /** A failure after the reply to its command, or without a command. */
  | { readonly kind: "failed"; readonly error: unknown }
  /** The chat is ending; a second signal ends it immediately. */
  | { readonly kind: "closing" }
  /** The chat has ended with this exit status. Always the last event. */
  | { readonly kind: "closed"; readonly status: number };
