import {
  admitAll,
  createUser,
  type Clock,
  type Conversation,
  type JoinAttempt,
  type RandomSource,
  type User,
} from "demls";
import type { ChatTransport } from "./network/chat-transport.js";
import { waysIn } from "./options/chat-options.js";
import type { Seat } from "./seat.js";

/** Which messages a kept conversation keeps. */
export const HISTORY = { days: 30 };

/** Options of {@link createChatUser}. */
export interface ChatUserOptions {
  readonly seat: Seat;
  readonly transport: ChatTransport;
  readonly clock: Clock;
  readonly random: RandomSource;
}

/** Creates the user, with the display name of the options, or the one that is kept. @throws DemlsError as `createUser`. */
export async function createChatUser({ seat, transport, clock, random }: ChatUserOptions): Promise<User> {
  const { key, kept, options } = seat;
  const { name } = options;
  return createUser({
    ...{ key, transport, clock, random },
    ...(name !== undefined && { display: name }),
    ...(options.isOpen && { plugins: { admission: admitAll } }),
    ...(kept && { storage: kept.storage, history: HISTORY }),
  });
}

/** A conversation, and whether it was kept. */
export interface OpenedConversation {
  readonly conversation: Conversation;
  /** Whether it goes on from what was kept. */
  readonly isResumed: boolean;
  /** The join by an invitation. */
  readonly attempt?: JoinAttempt;
}

/**
 * Goes on with the kept conversation of the options. Without one, creates it or starts to join it.
 *
 * @throws DemlsError `invalid-option` if nothing is kept and the options tell no way in; as `createConversation`
 *   and the attempt of `join`.
 */
export async function openConversation(user: User, { options }: Seat): Promise<OpenedConversation> {
  const {
    conversation: name,
    invitation,
    patienceMs,
    create,
    config,
    stewards,
    mode,
    dial,
    listen,
    mdns,
  } = options;
  const kept = user.conversations.get(name);
  // The transport dials those to which this user has agreed.
  const join = (line: string): JoinAttempt =>
    user.join(line, { config, deadlineMs: patienceMs, addresses: [] });
  if (kept !== undefined && !isExpired(kept)) {
    if (invitation === undefined || kept.state.phase !== "pending-join")
      return { conversation: kept, isResumed: true };
    const attempt = join(invitation);
    // Another one if this user has asked by the name alone before.
    return { conversation: await attempt.conversation, isResumed: true, attempt };
  }
  // It may have ended by itself by now.
  await kept?.leave().accepted.catch(() => undefined);
  if (!create && !mdns && dial.length + listen.length === 0) throw waysIn(invitation !== undefined);
  if (invitation !== undefined) {
    const attempt = join(invitation);
    return { conversation: await attempt.conversation, isResumed: false, attempt };
  }
  const conversation = create
    ? await user.createConversation(name, { config, stewards, compatibility: mode })
    : await user.join({ name }, { config, deadlineMs: patienceMs }).conversation;
  return { conversation, isResumed: false };
}

/** Whether a kept join has expired since the last start, which asks anew then. */
function isExpired({ admin }: Conversation): boolean {
  return admin.inspect().deadlines.some(({ kind, inMs }) => kind === "joinExpiry" && inMs <= 0);
}
