import type { Clock, Conversation, MemberId } from "demls";
import type { ChatTransport } from "../network/chat-transport.js";
import type { DecisionLog } from "./decision-log.js";
import type { MemberNames } from "./member-names.js";
import type { VoteNumbers } from "./vote-numbers.js";

/** A conversation, with what people need to talk about it. */
export interface Room {
  readonly conversation: Conversation;
  readonly self: MemberId;
  readonly names: MemberNames;
  readonly votes: VoteNumbers;
  readonly decisions: DecisionLog;
  readonly transport: ChatTransport;
  readonly clock: Clock;
}
