import { admitAll, createUser, type Clock, type Conversation, type RandomSource, type User } from "demls";
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
}

/**
 * Goes on with the kept conversation of the options. Without one, creates it or starts to join it.
 *
 * @throws DemlsError `invalid-option` if nothing is kept and the options tell no way in; as `createConversation`,
 *   `joinConversation` and `joinByInvitation`.
 */
export async function openConversation(user: User, { options }: Seat): Promise<OpenedConversation> {
  const { conversation: name, invitation, create, config, stewards, mode, dial, listen, mdns } = options;
  const kept = user.conversations.get(name);
  if (kept !== undefined && !isExpired(kept)) return { conversation: kept, isResumed: true };
  // It may have ended by itself by now.
  await kept?.leave().accepted.catch(() => undefined);
  if (!create && !mdns && dial.length + listen.length === 0) throw waysIn();
  const conversation = create
    ? await user.createConversation(name, { config, stewards, compatibility: mode })
    : invitation === undefined
      ? await user.joinConversation(name, { config })
      : await user.joinByInvitation(invitation, { config });
  return { conversation, isResumed: false };
}

/** Whether a kept join has expired since the last start, which asks anew then. */
function isExpired({ admin }: Conversation): boolean {
  return admin.inspect().deadlines.some(({ kind, inMs }) => kind === "joinExpiry" && inMs <= 0);
}
