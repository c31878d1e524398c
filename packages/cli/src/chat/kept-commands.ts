import {
  createMemoryNetwork,
  createUser,
  DemlsError,
  type ChatMessage,
  type Clock,
  type ConversationHistory,
  type Storage,
} from "demls";
import { HISTORY } from "./chat-user.js";
import type { KeptCommandOptions, PassphraseChangeOptions } from "./options/chat-options.js";
import { createMemberNames } from "./room/member-names.js";
import type { Environment } from "./store/data-folder.js";
import { changePassphrase } from "./store/change-passphrase.js";
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
import { chatFolder, readSummary, type ChatSummary } from "./store/summary.js";
import { safeJson, safeText } from "./terminal/safe-text.js";
import { createTimeText } from "./terminal/time-text.js";
import { jsonValue } from "./view/json/json-fields.js";
import { messageFields } from "./view/json/message-json.js";
import { describeMessage } from "./view/text/message-text.js";

/** Dependencies of {@link showHistory} and {@link forgetChat}. */
export interface KeptCommandContext extends ProfileContext {
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
 * Prints the kept messages of a conversation, oldest first, without the network.
 *
 * @throws DemlsError `not-kept`; as `openProfile` and `openKeptChat`.
 */
export async function showHistory(options: KeptCommandOptions, context: KeptCommandContext): Promise<void> {
  const { place } = await findKept(options, context);
  await withKept(place, options, context, (profile, kept) => printMessages(profile, kept, options, context));
}

/**
 * Deletes all that is kept of a conversation that this user was removed from, or whose storage is lost. It needs a
 * passphrase only to find that out.
 *
 * @throws DemlsError `not-kept`, `still-a-member`, `conversation-in-use`; as `openProfile`; the errors of `files`.
 */
export async function forgetChat(options: KeptCommandOptions, context: KeptCommandContext): Promise<void> {
  const { conversation, json } = options;
  const { place, standing } = await findKept(options, context);
  if (standing !== "ended") await requireLost(place, options, context);
  await forgetKeptChat(place, conversation, context.files);
  if (!json) context.print(safeText(`Nothing of ${conversation} is kept any more.`));
}

/**
 * Changes the passphrase of a profile, or gives it one.
 *
 * @throws DemlsError as {@link changePassphrase} and `PassphraseSource.next`.
 */
export async function changePassphraseOf(
  { identity, passphraseFile, newPassphraseFile, json }: PassphraseChangeOptions,
  context: KeptCommandContext,
): Promise<void> {
  const { env, files, ask, print } = context;
  const place = await findProfile(identity, env, context);
  const current = createPassphraseSource({ file: passphraseFile, env, files, ask });
  const next = createPassphraseSource({ file: newPassphraseFile, env: {}, files, ask });
  await changePassphrase(place, current, next, context);
  if (!json) print(safeText(`The profile ${place.name} has the new passphrase.`));
}

async function findKept(
  { identity, conversation }: KeptCommandOptions,
  context: KeptCommandContext,
): Promise<{ readonly place: ProfilePlace; readonly standing: ChatSummary["standing"] }> {
  const place = await findProfile(identity, context.env, context);
  const summary = await readSummary(chatFolder(place.folder, conversation), context.files);
  if (summary === undefined) throw notKept(conversation, place.name);
  return { place, standing: summary.standing };
}

/** @throws DemlsError `still-a-member` unless the storage is lost. */
async function requireLost(
  place: ProfilePlace,
  options: KeptCommandOptions,
  context: KeptCommandContext,
): Promise<void> {
  try {
    await withKept(place, options, context, async () => undefined);
  } catch (error) {
    if (error instanceof DemlsError && (error as DemlsError).code === "conversation-lost") return;
    throw error;
  }
  throw stillAMember(options.conversation);
}

/** Opens what is kept of a conversation while `use` runs. */
async function withKept(
  place: ProfilePlace,
  { conversation, passphraseFile: file }: KeptCommandOptions,
  context: KeptCommandContext,
  use: (profile: Profile, kept: KeptChat) => Promise<void>,
): Promise<void> {
  const { env, files, ask } = context;
  const passphrases = createPassphraseSource({ file, env, files, ask });
  const profile = await openProfile(place, passphrases, context);
  try {
    const kept = await openKeptChat(profile, conversation, context, true);
    await use(profile, kept).finally(() => kept.close());
  } finally {
    profile.key.fill(0);
    profile.storageKey?.fill(0);
  }
}

async function printMessages(
  { key }: Profile,
  { storage }: KeptChat,
  { conversation, json }: KeptCommandOptions,
  { clock, random, timeZone, print }: KeptCommandContext,
): Promise<void> {
  const transport = createMemoryNetwork({ needsPeers: true }).join();
  const user = await createUser({
    key,
    transport,
    clock,
    random,
    storage: readOnly(storage),
    history: HISTORY,
  });
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

/** A storage that keeps nothing of what is written: where this user is a member, nothing happens to the conversation. */
function readOnly(storage: Storage): Storage {
  return { scan: (...query) => storage.scan(...query), write: async () => undefined };
}

/** All messages of a history, oldest first. */
async function allOf(history: ConversationHistory): Promise<readonly ChatMessage[]> {
  const messages: ChatMessage[] = [];
  for (;;) {
    const page = await history.messages({ limit: PAGE, order: "oldest", after: messages.at(-1)?.position });
    messages.push(...page);
    if (page.length < PAGE) return messages;
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
    remedy: "Go on with it: /leave deletes what is kept of it.",
  });
}
