import type { RandomSource } from "demls";
import type { ChatFiles } from "./files/chat-files.js";
import { loadGivenIdentity } from "./identity/given-identity.js";
import { KEY_BYTES } from "./identity/hex-key.js";
import type { ChatIdentity } from "./identity/identity-file.js";
import type { Framing } from "./network/chat-transport.js";
import { waysIn, type ChatOptions } from "./options/chat-options.js";
import { dataFolder, type Environment } from "./store/data-folder.js";
import { openKeptChat, type KeptChat, type KeptSettings } from "./store/kept-chat.js";
import { createPassphraseSource } from "./store/passphrase.js";
import type { AskSecret } from "./terminal/ask-line.js";
import { findProfile, openProfile, type ProfilePlace } from "./store/profile.js";
import { chatFolder, readSummary, type ChatSummary } from "./store/summary.js";

/** Options of a chat, with those that the last start of the conversation had. */
export interface SeatOptions extends ChatOptions {
  readonly framing: Framing;
  readonly isOpen: boolean;
}

/** The keys of a chat, and what is kept of its conversation. */
export interface Seat extends ChatIdentity {
  readonly options: SeatOptions;
  /** The identity file, if the key comes from one. */
  readonly identityFile: string | undefined;
  /** `undefined` if nothing is kept. */
  readonly kept: KeptChat | undefined;
  /** Whether the group has removed this user, which has not joined again since. */
  readonly wasRemoved: boolean;
  /** Options with which another person on this machine joins, such as another profile; `undefined` if none are needed. */
  neighbour(): Promise<string | undefined>;
  /** Closes what is kept, and wipes the keys. Idempotent. */
  close(): Promise<void>;
}

/** Facilities of {@link openSeat}. */
export interface SeatContext {
  readonly env: Environment;
  readonly files: ChatFiles;
  readonly random: RandomSource;
  /** Asks for a passphrase; `undefined` without a terminal. */
  readonly ask: AskSecret | undefined;
}

const DEFAULT_PROFILE = { kind: "profile", name: "default" } as const;

/**
 * Loads or draws the keys of a chat, and opens what is kept of its conversation.
 *
 * @throws DemlsError `invalid-option` if nothing is kept and the options tell no way in; as `findProfile`, `openProfile`
 *   and `openKeptChat`.
 */
export async function openSeat(options: ChatOptions, context: SeatContext): Promise<Seat> {
  return options.isEphemeral ? ephemeralSeat(options, context) : keptSeat(options, context);
}

/** Whether this user is a member of the conversation already, by what is kept of it. @throws as {@link openSeat}. */
export async function isMemberAlready(options: ChatOptions, context: KeptContext): Promise<boolean> {
  if (options.isEphemeral) return false;
  const { summary } = await findKept(options, context);
  return summary?.standing === "member";
}

type KeptContext = Pick<SeatContext, "env" | "files" | "random">;

/** The profile of the options, and what is kept of the conversation without a secret. */
async function findKept(
  { identity = DEFAULT_PROFILE, conversation }: ChatOptions,
  context: KeptContext,
): Promise<{ readonly place: ProfilePlace; readonly summary: ChatSummary | undefined }> {
  const place = await findProfile(identity, context.env, context);
  return { place, summary: await readSummary(chatFolder(place.folder, conversation), context.files) };
}

async function ephemeralSeat(options: ChatOptions, { files, random }: SeatContext): Promise<Seat> {
  const { identity: source } = options;
  const identity =
    source === undefined || source.kind === "profile"
      ? { key: random.bytes(KEY_BYTES), nodeKey: random.bytes(KEY_BYTES) }
      : await loadGivenIdentity(source, files, random);
  return {
    ...identity,
    options: withKept(options, {}),
    identityFile: identityFileOf(options),
    kept: undefined,
    wasRemoved: false,
    neighbour: async () => undefined,
    close: async () => wipe(identity),
  };
}

async function keptSeat(options: ChatOptions, context: SeatContext): Promise<Seat> {
  const { env, files, ask } = context;
  const { identity: source = DEFAULT_PROFILE, conversation } = options;
  const { place, summary } = await findKept(options, context);
  const isKept = summary !== undefined;
  const { create, mdns, dial, listen } = options;
  if (!isKept && !create && !mdns && dial.length + listen.length === 0)
    throw waysIn(options.invitation !== undefined);
  const passphrases = createPassphraseSource({ file: options.passphraseFile, env, files, ask });
  const profile = await openProfile(place, passphrases, context);
  const { key, storageKey } = profile;
  try {
    const kept = await openKeptChat(profile, conversation, context, isKept);
    return {
      key,
      nodeKey: kept.nodeKey,
      options: withKept(options, kept.settings),
      identityFile: identityFileOf(options),
      kept,
      wasRemoved: summary?.standing === "ended" || kept.settings.wasRemoved === true,
      neighbour: async () =>
        source.kind === "profile" ? `--profile ${await freeProfile(context)}` : undefined,
      async close() {
        await kept.close();
        wipe({ key, nodeKey: kept.nodeKey });
      },
    };
  } finally {
    storageKey?.fill(0);
  }
}

function withKept(options: ChatOptions, settings: KeptSettings): SeatOptions {
  return {
    ...options,
    dial: options.dial.length > 0 ? options.dial : (settings.dial ?? []),
    framing: options.framing ?? settings.framing ?? "plain",
    name: options.name ?? settings.name,
    isOpen: options.isOpen ?? settings.isOpen ?? false,
  };
}

function identityFileOf({ identity }: ChatOptions): string | undefined {
  return identity?.kind === "file" ? identity.path : undefined;
}

/** The first number from 2 that is no profile yet. */
async function freeProfile({ env, files }: SeatContext): Promise<number> {
  const taken = new Set(await files.names(dataFolder(env)));
  let number = 2;
  while (taken.has(`${number}`)) number += 1;
  return number;
}

function wipe({ key, nodeKey }: ChatIdentity): void {
  key.fill(0);
  nodeKey.fill(0);
}
