import type { Clock, Conversation, MemberId } from "demls";
import type { ChatTransport } from "../network/chat-transport.js";
import type { KeptChat } from "../store/kept-chat.js";
import { createDecisionLog, type DecisionLog } from "./decision-log.js";
import { createJoinProgress, type JoinProgress } from "./join-progress.js";
import { createMemberNames, type MemberNames } from "./member-names.js";

/** Options of {@link createRoom}. */
export interface RoomOptions {
  readonly conversation: Conversation;
  /** The user of this chat. */
  readonly self: MemberId;
  readonly transport: ChatTransport;
  readonly clock: Clock;
  /** Options with which another person on this machine joins, such as another profile; `undefined` if none are needed. */
  readonly neighbour: () => Promise<string | undefined>;
  /** The kept conversation, with which the same command goes on; `undefined` if nothing is kept. */
  readonly kept: KeptChat | undefined;
  /** The inviter, if this user joins by an invitation. */
  readonly inviter: MemberId | undefined;
}

/** A conversation with its member names, decision log and the progress of its join. */
export interface Room extends RoomOptions {
  readonly names: MemberNames;
  readonly decisions: DecisionLog;
  readonly joinProgress: JoinProgress;
}

/** Records the names that the members and joiners of a room claim, now and from now on. */
export function followNames({ conversation, names }: Pick<Room, "conversation" | "names">): void {
  conversation.state$.subscribe(({ members, requests, proposals }) => {
    names.claimIn(
      proposals.flatMap(({ request, claimedName }) =>
        request.kind === "add" ? [{ sender: request.member, claimedName }] : [],
      ),
    );
    names.claimIn(members.map(({ id, claimedName }) => ({ sender: id, claimedName })));
    names.claimIn(requests.map(({ joiner, claimedName }) => ({ sender: joiner, claimedName })));
  });
}

/** Creates a room without claimed names. */
export function createRoom(options: RoomOptions): Room {
  const { conversation, clock } = options;
  return {
    ...options,
    names: createMemberNames(() => conversation.state.members.map(({ id }) => id)),
    decisions: createDecisionLog(conversation, clock),
    joinProgress: createJoinProgress(),
  };
}
