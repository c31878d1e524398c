import type { Clock, Conversation, MemberId } from "demls";
import type { ChatTransport } from "../network/chat-transport.js";
import { createDecisionLog, type DecisionLog } from "./decision-log.js";
import { createMemberNames, type MemberNames } from "./member-names.js";
import { createVoteNumbers, type VoteNumbers } from "./vote-numbers.js";

/** What a room is made of. */
export interface RoomOptions {
  readonly conversation: Conversation;
  /** The user of this chat. */
  readonly self: MemberId;
  readonly transport: ChatTransport;
  readonly clock: Clock;
}

/** A conversation, with what people need to talk about it. */
export interface Room extends RoomOptions {
  readonly names: MemberNames;
  readonly votes: VoteNumbers;
  readonly decisions: DecisionLog;
}

/** The room of a conversation, in which nobody has a name and no vote a number yet. */
export function createRoom(options: RoomOptions): Room {
  const { conversation, clock } = options;
  return {
    ...options,
    names: createMemberNames(() => conversation.state.members.map(({ id }) => id)),
    votes: createVoteNumbers(),
    decisions: createDecisionLog(conversation, clock),
  };
}
