import type { ConversationEvent, MemberId } from "demls";
import type { ConnectionState } from "../network/chat-transport.js";

/** What a chat has to tell without being asked. */
export type ChatEvent =
  /** It runs. `addresses` are those by which others reach this node. */
  | {
      readonly kind: "started";
      readonly conversation: string;
      readonly created: boolean;
      readonly member: MemberId;
      readonly peerId: string;
      readonly addresses: readonly string[];
      readonly identityFile: string | undefined;
    }
  /** Connections came or went. `subscribers`: how many of the peers listen to this conversation. */
  | { readonly kind: "connection"; readonly connection: ConnectionState; readonly subscribers: number }
  /** A joiner has asked those who listen to let it in. */
  | { readonly kind: "asked"; readonly subscribers: number }
  /** Something happened in the conversation. */
  | { readonly kind: "event"; readonly event: ConversationEvent }
  /** Something failed that no command is answered with any more. */
  | { readonly kind: "failed"; readonly error: unknown }
  /** It is ending; the second time of asking ends it at once. */
  | { readonly kind: "closing" }
  /** It has ended, with this exit status. The last event. */
  | { readonly kind: "closed"; readonly status: number };
