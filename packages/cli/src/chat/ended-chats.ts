import {
  createMemoryNetwork,
  createUser,
  DemlsError,
  type ChatMessage,
  type Clock,
  type ConversationHistory,
} from "demls";
import { HISTORY } from "./chat-user.js";
import type { EndedOptions } from "./options/chat-options.js";
import { createMemberNames } from "./room/member-names.js";
import type { Environment } from "./store/data-folder.js";
import { forgetKeptChat, openKeptChat, type KeptChat } from "./store/kept-chat.js";
import { createPassphraseSource } from "./store/passphrase.js";
import type { AskSecret } from "./terminal/ask-line.js";
import {
  findProfile,
  openProfile,
  type Profile,
  type ProfileContext,
  type ProfilePlace,
} from "./store/profile.js";
import { chatFolder, readSummary } from "./store/summary.js";
import { safeJson, safeText } from "./terminal/safe-text.js";
import { createTimeText } from "./terminal/time-text.js";
import { jsonValue } from "./view/json/json-fields.js";
import { messageFields } from "./view/json/message-json.js";
import { describeMessage } from "./view/text/message-text.js";

/** Dependencies of {@link showEndedChat} and {@link forgetEndedChat}. */
export interface EndedChatContext extends ProfileContext {
  readonly env: Environment;
  readonly clock: Clock;
  readonly timeZone: string | undefined;
  readonly print: (line: string) => void;
  /** Asks for a passphrase; `undefined` without a terminal. */
  readonly ask: AskSecret | undefined;
}

/** Most messages that a history returns at once. */
const PAGE = 256;

/**
 * Prints the kept messages of a conversation that this user was removed from, oldest first, without the network.
 *
 * @throws DemlsError `not-kept`, `still-a-member`; as `openProfile` and `openKeptChat`.
 */
export async function showEndedChat(options: EndedOptions, context: EndedChatContext): Promise<void> {
  const { env, files, ask } = context;
  const place = await findEnded(options, context);
  const passphrases = createPassphraseSource({ file: options.passphraseFile, env, files, ask });
  const profile = await openProfile(place, passphrases, context);
  try {
    const kept = await openKeptChat(profile, options.conversation, context);
    try {
      await printMessages(profile, kept, options, context);
    } finally {
      await kept.close();
    }
  } finally {
    profile.key.fill(0);
    profile.storageKey?.fill(0);
  }
}

/**
 * Deletes all that is kept of a conversation that this user was removed from. It needs no passphrase.
 *
 * @throws DemlsError `not-kept`, `still-a-member`, `conversation-in-use`; the errors of `files`.
 */
export async function forgetEndedChat(options: EndedOptions, context: EndedChatContext): Promise<void> {
  const { conversation, json } = options;
  const place = await findEnded(options, context);
  await forgetKeptChat(place, conversation, context.files);
  if (!json) context.print(safeText(`Nothing of ${conversation} is kept any more.`));
}

async function findEnded(
  { identity, conversation }: EndedOptions,
  context: EndedChatContext,
): Promise<ProfilePlace> {
  const place = await findProfile(identity, context.env, context);
  const summary = await readSummary(chatFolder(place.folder, conversation), context.files);
  if (summary === undefined) throw notKept(conversation, place.name);
  if (summary.standing !== "ended") throw stillAMember(conversation);
  return place;
}

async function printMessages(
  { key }: Profile,
  { storage }: KeptChat,
  { conversation, json }: EndedOptions,
  { clock, random, timeZone, print }: EndedChatContext,
): Promise<void> {
  const transport = createMemoryNetwork().join();
  const user = await createUser({ key, transport, clock, random, storage, history: HISTORY });
  try {
    const histories = (await user.histories()).filter(({ name }) => name === conversation);
    const messages = (await Promise.all(histories.map(allOf))).flat();
    const senders = [...new Set(messages.map(({ sender }) => sender))];
    const names = createMemberNames(() => senders);
    names.claimIn(messages);
    const room = { names, self: user.id };
    const timeOf = createTimeText(() => clock.wallMs(), timeZone);
    const jsonOf = (message: ChatMessage): string =>
      safeJson(jsonValue({ type: "message", ...messageFields(message, room), isOwn: message.isOwn }));
    for (const message of messages)
      print(json ? jsonOf(message) : safeText(describeMessage(message, room, { timeOf })));
    if (messages.length === 0 && !json) print(safeText(`No message of ${conversation} is kept.`));
  } finally {
    await user.close();
  }
}

/** All messages of a history, oldest first. */
async function allOf(history: ConversationHistory): Promise<readonly ChatMessage[]> {
  const messages: ChatMessage[] = [];
  for (;;) {
    const page = await history.messages({ limit: PAGE, before: messages.at(-1)?.position });
    messages.push(...page);
    if (page.length < PAGE) return messages.reverse();
  }
}

function notKept(conversation: string, profile: string): DemlsError<"not-kept"> {
  return new DemlsError("not-kept", {
    message: `The profile ${profile} keeps nothing of ${conversation}.`,
    field: "NAME",
    remedy: "demls chat lists the conversations that are kept.",
  });
}

function stillAMember(conversation: string): DemlsError<"still-a-member"> {
  return new DemlsError("still-a-member", {
    message: `You are in ${conversation}, or ask to join it.`,
    field: "NAME",
    remedy: "Go on with it: /history shows its messages, and /leave deletes them.",
  });
}
