import { createSeededRandom, type VirtualClock } from "@demls/testkit";
import { bytesToHex } from "@demls/wire";
import type { TerminalStreams } from "../../../src/chat/terminal/terminal.js";
import { chatCommand, type ChatPlatform } from "../../../src/chat/chat-command.js";
import type { ChatFiles } from "../../../src/chat/files/chat-files.js";
import type { ChatNetwork } from "./chat-network.js";
import { createLineQueue } from "./line-queue.js";
import { createMemoryFiles } from "./memory-files.js";

/** A chat that runs inside the test process. */
export interface ChatUser {
  /** Types a line. */
  type(line: string): void;
  /** Ends the input. */
  endInput(): void;
  /** Sends a signal by its number. */
  signal(number: number): void;
  /** Lines printed so far. */
  readonly printed: readonly string[];
  /** Printed lines as one text. */
  readonly text: string;
  /** Objects printed so far by a chat with `--json`. */
  readonly json: readonly JsonLine[];
  /** Last object of this type, printed by a chat with `--json`. */
  last(type: string): JsonLine | undefined;
  /** The exit status after the end. */
  readonly status: number | undefined;
  /** The status of an immediate exit. */
  readonly killed: number | undefined;
}

export type JsonLine = Readonly<Record<string, unknown>> & { readonly type: string };

/** Dependencies of a chat in a test. */
export interface ChatUserContext {
  readonly clock: VirtualClock;
  readonly network: ChatNetwork;
  /** Terminal that replaces {@link ChatUser.type} and {@link ChatUser.printed}. */
  readonly terminal?: TerminalStreams;
  /** What the chats of this user keep. @defaultValue new ones */
  readonly files?: ChatFiles;
}

/** Runs `demls chat garden` with additional arguments, as the user `name`. */
export function runChatUser(name: string, args: readonly string[], context: ChatUserContext): ChatUser {
  return runUser(name, ["garden", "--name", name, ...args], context);
}

/** Runs `demls chat`, or `demls join`, with these arguments, with the key of the user `name`. */
export function runUser(
  name: string,
  args: readonly string[],
  { clock, network, terminal, files = createMemoryFiles() }: ChatUserContext,
  run: typeof chatCommand = chatCommand,
): ChatUser {
  const random = createSeededRandom(name);
  const input = createLineQueue();
  const printed: string[] = [];
  let status: number | undefined;
  let killed: number | undefined;
  let onSignal: (signal: number) => void = () => undefined;
  const platform: ChatPlatform = {
    env: { DEMLS_KEY: bytesToHex(random.fork("key").bytes(32)), XDG_DATA_HOME: "/data" },
    files,
    random,
    terminal,
    timeZone: "UTC",
    startTransport: async ({ dial }) => network.join(name, dial),
    onSignal(listener) {
      onSignal = listener;
      return () => (onSignal = () => undefined);
    },
    endInput: () => input.end(),
    exitNow: (now) => void (killed = now),
  };
  const print = (line: string): void => void printed.push(line);
  const streams = { lines: () => input, print, printError: print, clock, command: "demls chat" };
  void run(args, streams, platform).then(
    (ended) => (status = ended),
    (error: unknown) => printed.push(`threw ${String(error)}`),
  );
  const objects = (): readonly JsonLine[] => printed.map((line) => JSON.parse(line) as JsonLine);
  return {
    type: (line) => input.push(line),
    endInput: () => input.end(),
    signal: (number) => onSignal(number),
    printed,
    get text() {
      return printed.join("\n");
    },
    get json() {
      return objects();
    },
    last: (type) => objects().findLast((line) => line.type === type),
    get status() {
      return status;
    },
    get killed() {
      return killed;
    },
  };
}
