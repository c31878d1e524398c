import type { Clock, Conversation, MemberId } from "demls";
import type { ChatTransport } from "../network/chat-transport.js";
import { createDecisionLog, type DecisionLog } from "./decision-log.js";
import { createMemberNames, type MemberNames } from "./member-names.js";
import { createVoteNumbers, type VoteNumbers } from "./vote-numbers.js";

/** Options of {@link createRoom}. */
export interface RoomOptions {
  readonly conversation: Conversation;
  /** The user of this chat. */
  readonly self: MemberId;
  readonly transport: ChatTransport;
  readonly clock: Clock;
}

/** A conversation with its member names, vote numbers and decision log. */
export interface Room extends RoomOptions {
  readonly names: MemberNames;
  readonly votes: VoteNumbers;
  readonly decisions: DecisionLog;
}

/** Creates a room without claimed names and numbered votes. */
export function createRoom(options: RoomOptions): Room {
  const { conversation, clock } = options;
  return {
    ...options,
    names: createMemberNames(() => conversation.state.members.map(({ id }) => id)),
    votes: createVoteNumbers(),
    decisions: createDecisionLog(conversation, clock),
  };
}
