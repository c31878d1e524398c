import { join } from "node:path";
import { DemlsError, type CompatibilityMode } from "demls";
import type { ChatFiles } from "../files/chat-files.js";
import { parseFields } from "../files/parse-fields.js";
import { pathName } from "../files/path-name.js";

/** A kept conversation, as `demls chat` lists it. It is in a file of its own, which no passphrase protects. */
export interface ChatSummary {
  readonly name: string;
  /** `ended`: this user was removed. */
  readonly standing: "joining" | "member" | "ended";
  /** Number of members, with this user; 0 outside the group. */
  readonly members: number;
  /** `undefined` outside the group. */
  readonly mode: CompatibilityMode | undefined;
  /** Time of the last message, in milliseconds since the Unix epoch; `undefined` without one. */
  readonly lastMessageMs: number | undefined;
}

const VERSION = 1;
const CONVERSATIONS = "conversations";
const FILE = "summary.json";

/** The folder of a conversation in a profile's. */
export function chatFolder(profileFolder: string, conversation: string): string {
  return join(profileFolder, CONVERSATIONS, pathName(conversation));
}

/** Reads the summary in a conversation's folder; `undefined` without one. @throws the errors of `files`. */
export async function readSummary(folder: string, files: ChatFiles): Promise<ChatSummary | undefined> {
  const text = await files.read(join(folder, FILE));
  if (text === undefined) return undefined;
  const fields = parseFields(text);
  if (fields?.["version"] === VERSION) return fields as unknown as ChatSummary;
  throw new DemlsError("summary-broken", {
    message: `${join(folder, FILE)} does not contain a summary of this version.`,
    remedy: "Delete this file: it is written again when the conversation goes on.",
  });
}

/** Replaces the summary in a conversation's folder. @throws the errors of `files`. */
export function writeSummary(folder: string, summary: ChatSummary, files: ChatFiles): Promise<void> {
  return files.replace(join(folder, FILE), `${JSON.stringify({ version: VERSION, ...summary })}\n`);
}

/** The folders of the conversations in a profile's. @throws the errors of `files`. */
export async function chatFolders(profileFolder: string, files: ChatFiles): Promise<readonly string[]> {
  const conversations = join(profileFolder, CONVERSATIONS);
  return (await files.names(conversations)).map((name) => join(conversations, name));
}

/** The conversations that a profile keeps, by name. @throws the errors of `files`. */
export async function listSummaries(
  profileFolder: string,
  files: ChatFiles,
): Promise<readonly ChatSummary[]> {
  const folders = await chatFolders(profileFolder, files);
  const summaries = await Promise.all(folders.map((folder) => readSummary(folder, files)));
  return summaries.filter((summary) => summary !== undefined).sort((a, b) => (a.name < b.name ? -1 : 1));
}
