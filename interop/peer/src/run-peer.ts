import { readFileSync } from "node:fs";
import { createSeededRandom } from "@demls/testkit";
import { DemlsError, platformRandom, type Clock } from "demls";
import { CONVERSATION_COMMANDS } from "./commands/conversation-commands.js";
import { isMissing, numberField, type Fields } from "./protocol/fields.js";
import type { PeerOptions } from "./options.js";
import type { Handler, Peer } from "./commands/peer.js";
import { acceptance, parseCommandLine, refusal, type Line } from "./protocol/protocol-line.js";
import { settle } from "./commands/settling.js";
import { createTicker } from "./clock/ticker.js";
import { createToldClock } from "./clock/told-clock.js";
import { USER_COMMANDS } from "./commands/user-commands.js";

/** Input, output and options of a peer. */
export interface PeerContext {
  /** The commands, one per line. */
  readonly lines: AsyncIterable<string>;
  readonly print: (line: string) => void;
  readonly printError: (line: string) => void;
  readonly clock: Clock;
}

/** Handlers by command name. A map, since a name must not find a property of every object. */
const COMMANDS = new Map<string, Handler>(
  Object.entries({ ...USER_COMMANDS, ...CONVERSATION_COMMANDS, quit: () => null }),
);

/**
 * Runs members that are driven over JSON lines. Reads commands until the end of the lines or a `quit` command.
 *
 * Lines are processed one at a time. A reply comes after all conversations are idle, and after the lines of their
 * events. Only timers print lines at other times, if automatic polls are on. An invalid line or a failed command does
 * not end the peer: its reply has `ok: false`.
 */
export async function runPeer(options: PeerOptions, context: PeerContext): Promise<void> {
  const { lines, print, printError } = context;
  const sources = options.seed === undefined ? livingFrom(context.clock) : repeating(options.seed);
  const emit = (line: Line): void => print(JSON.stringify(line));
  const inTurn = createTurns();
  const ticker = createTicker(sources.clock, () => inTurn(() => poll(peer)));
  const peer: Peer = {
    users: new Map(),
    ...sources,
    emit,
    diagnose: (line) => printError(`demls peer: ${line}`),
    setTick: (intervalMs) => ticker.set(intervalMs),
  };
  emit({ type: "ready", version: `demls ${libraryVersion()}`, pid: process.pid });
  ticker.set(options.tickMs);
  for await (const line of lines) {
    const command = parseCommandLine(line);
    await inTurn(async () => emit(await replyTo(peer, command)));
    if (command?.["cmd"] === "quit") break;
  }
  ticker.set(0);
  await inTurn(() => close(peer));
}

type Sources = Pick<Peer, "clock" | "randomOf" | "tellTime">;

function livingFrom(clock: Clock): Sources {
  return { clock, randomOf: () => platformRandom, tellTime: () => undefined };
}

function repeating(seed: string): Sources {
  const clock = createToldClock();
  const random = createSeededRandom(seed);
  return { clock, randomOf: (user) => random.fork(user), tellTime: (wallMs) => clock.tell(wallMs) };
}

async function replyTo(peer: Peer, command: Fields | undefined): Promise<Line> {
  if (command === undefined) return refusal({}, invalidLine());
  const reply = await carryOut(peer, command);
  await settle(peer.users.values());
  return reply;
}

async function carryOut(peer: Peer, command: Fields): Promise<Line> {
  try {
    if (!isMissing(command, "at_ms")) peer.tellTime(numberField(command, "at_ms"));
    const { cmd } = command;
    const handler = typeof cmd === "string" ? COMMANDS.get(cmd) : undefined;
    if (handler === undefined) throw unknownCommand();
    return acceptance(command, await handler(peer, command));
  } catch (error) {
    if (!(error instanceof DemlsError)) {
      peer.diagnose(error instanceof Error ? `${error.stack}` : "A command failed.");
    }
    return refusal(command, error);
  }
}

async function poll({ users }: Peer): Promise<void> {
  for (const user of users.values()) user.poll();
  await settle(users.values());
}

async function close({ users }: Peer): Promise<void> {
  const all = [...users.values()];
  users.clear();
  for (const user of all) await user.close();
}

/** Runs tasks one after the other, so that no poll comes between a command and its reply. */
function createTurns(): (task: () => Promise<void>) => Promise<void> {
  let last = Promise.resolve();
  return (task) => (last = last.then(task));
}

/** Version of the package `demls` in this checkout. */
function libraryVersion(): string {
  const manifest = readFileSync(new URL("../../../packages/demls/package.json", import.meta.url), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}

function invalidLine(): DemlsError<"invalid-line"> {
  return new DemlsError("invalid-line", {
    message: "The line is too long or not a JSON object, or its id is neither a string nor a number.",
  });
}

function unknownCommand(): DemlsError<"unknown-command"> {
  return new DemlsError("unknown-command", { message: "There is no such command.", field: "cmd" });
}
