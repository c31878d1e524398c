import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import { afterEach, beforeEach, onTestFailed } from "vitest";
import { agreement } from "./agreement.js";
import { startChat, type ChatProcess } from "./chat-process.js";
import { IS_LONG } from "./durations.js";

/** Short delays, but long timeouts for other members, which may be slow on a busy machine. */
const SHORT_SETTINGS = Object.entries({
  votingDelayMs: 400,
  electionVotingDelayMs: 400,
  commitInactivityMs: 1_000,
  freezeMs: 8_000,
  recoveryInactivityMs: 700,
  consensusTimeoutMs: 20_000,
  proposalExpirationMs: 30_000,
  quietAfterCommitMs: 0,
}).flatMap(([name, value]) => ["--set", `${name}=${value}`]);

/** All members vote on everything, on their first day too. */
const SETTINGS = [...(IS_LONG ? [] : SHORT_SETTINGS), "--set", "probationMs=0"];

const running = new Set<ChatProcess>();

/** Folder in which the chats of a test keep their conversations. */
let dataHome: string;

beforeEach(async () => {
  dataHome = await mkdtemp(joinPath(tmpdir(), "demls-"));
});

afterEach(async () => {
  for (const chat of running) chat.signal("SIGKILL");
  await Promise.all([...running].map(({ exited }) => exited));
  running.clear();
  await rm(dataHome, { recursive: true });
});

/** Starts the chat that creates the conversation, or goes on with it. */
export function create(name: string): Promise<ChatProcess> {
  return start(name, ["garden", "--create", "--open", ...SETTINGS]);
}

/** Starts a chat that joins through `others`, or goes on if it was in the conversation. */
export async function join(name: string, others: readonly ChatProcess[]): Promise<ChatProcess> {
  const addresses = await Promise.all(others.map(addressOf));
  const dial = addresses.flatMap((address) => ["--dial", address]);
  return start(name, ["garden", "--open", ...dial, ...SETTINGS]);
}

/** Starts a chat by an invitation: it knows neither the name of the conversation nor an address. */
export function joinBy(name: string, invitation: string): Promise<ChatProcess> {
  // The members listen on this machine, and there is no terminal to ask.
  return start(name, [invitation, "--dial-private", "--open", ...SETTINGS]);
}

async function start(name: string, args: readonly string[]): Promise<ChatProcess> {
  const chat = startChat(name, args, dataHome);
  running.add(chat);
  onTestFailed(() => tell(chat));
  await chat.line("started");
  return chat;
}

/** The address of a chat. */
export async function addressOf(chat: ChatProcess): Promise<string> {
  const [address] = (await chat.line("started"))["addresses"] as readonly string[];
  if (address === undefined) throw new Error(`${chat.name} has no address.`);
  return address;
}

/** The member id of a chat. */
export async function memberOf(chat: ChatProcess): Promise<string> {
  return (await chat.line("started"))["member"] as string;
}

/** Starts a group. The first chat creates the conversation; the others dial it and join one by one. */
export async function formGroup<const Names extends readonly [string, ...string[]]>(
  ...names: Names
): Promise<{ readonly [Index in keyof Names]: ChatProcess }> {
  const [creator, ...others] = names;
  const hub = await create(creator);
  const chats = [hub];
  for (const name of others) {
    chats.push(await join(name, [hub]));
    await agreement(chats, chats.length);
  }
  return chats as unknown as { readonly [Index in keyof Names]: ChatProcess };
}

/** The last of `chats` that is not among `besides`. */
export function another(chats: readonly ChatProcess[], ...besides: readonly ChatProcess[]): ChatProcess {
  const chat = without(chats, ...besides).at(-1);
  if (chat === undefined) throw new Error("There is no other chat.");
  return chat;
}

export function without(
  chats: readonly ChatProcess[],
  ...gone: readonly ChatProcess[]
): readonly ChatProcess[] {
  return chats.filter((chat) => !gone.includes(chat));
}

/** Prints the last lines of a chat, to diagnose a failed test. */
function tell({ name, lines, diagnostics }: ChatProcess): void {
  const last = lines.filter(({ type }) => type !== "reply").slice(-25);
  const texts = last.map((line) => JSON.stringify(line).slice(0, 240));
  console.error([`${name}:`, ...texts, diagnostics].join("\n"));
}
