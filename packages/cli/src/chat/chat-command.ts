import { DemlsError, type Clock, type RandomSource } from "demls";
import type { ChatTransport } from "./network/chat-transport.js";
import type { Face } from "./view/chat-view.js";
import { createJsonFace } from "./view/json/json-view.js";
import { openIdentity, type OpenIdentity } from "./identity/open-identity.js";
import { parseChatOptions, type ChatOptions } from "./options/chat-options.js";
import { runChat } from "./run-chat.js";
import { createPlainScreen } from "./terminal/screen.js";
import { createTerminal, type TerminalStreams } from "./terminal/terminal.js";
import { createTextFace, describeError } from "./view/text/text-view.js";
import { withinTime } from "./time-limit.js";

/** What the chat command is given by the process that it runs in. */
export interface ChatPlatform {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly random: RandomSource;
  /** The terminal, where lines are both typed and shown on one. */
  readonly terminal: TerminalStreams | undefined;
  startTransport(options: ChatOptions, identity: OpenIdentity): Promise<ChatTransport>;
  /** Calls `listener` with the number of each signal that asks the process to end. @returns what stops that. */
  onSignal(listener: (signal: number) => void): () => void;
  /** Reads no more of the input, which would keep the process. */
  endInput(): void;
  /** Ends the process here and now. */
  exitNow(status: number): void;
}

/** Where lines come from and go to that are not a terminal's. */
export interface ChatStreams {
  readonly lines: () => AsyncIterable<string>;
  readonly print: (line: string) => void;
  readonly printError: (line: string) => void;
  readonly clock: Clock;
  /** The shell's words that run a chat here, for the commands that others are shown. */
  readonly command: string;
}

/** Of the signal of the interrupt key. */
const SIGINT = 2;
/** Added to a signal's number where it ends a process (POSIX shells). */
const SIGNAL_STATUS = 128;
/** For how long a transport may take to close: it waits some seconds for its peers to read. */
const CLOSE_LIMIT_MS = 8_000;

/**
 * The command `demls chat`.
 *
 * @returns 0 where the user left, 1 where it was put out, was not let in, or the network could not be used.
 * @throws DemlsError for what is wrong with the options or the identity.
 */
export async function chatCommand(
  args: readonly string[],
  streams: ChatStreams,
  platform: ChatPlatform,
): Promise<number> {
  const options = parseChatOptions(args, platform.env);
  const identity = await openIdentity(options.identity, platform.env, platform.random);
  try {
    return await chatAs(identity, options, streams, platform);
  } finally {
    await identity.release();
  }
}

async function chatAs(
  identity: OpenIdentity,
  options: ChatOptions,
  streams: ChatStreams,
  platform: ChatPlatform,
): Promise<number> {
  const { clock, printError } = streams;
  let transport: ChatTransport;
  try {
    transport = await platform.startTransport(options, identity);
  } catch (error) {
    if (error instanceof DemlsError) throw error;
    printError(`demls: The network cannot be used: ${describeError(error)}`);
    return 1;
  }
  const face = createFace(options, identity, streams, platform);
  const ending = new AbortController();
  const stopListening = listenForEnd(face, ending, identity, platform);
  try {
    const { random } = platform;
    const isWished = await runChat(options, { face, identity, transport, clock, random, ending });
    const status = isWished ? 0 : 1;
    face.tell({ kind: "closed", status });
    return status;
  } finally {
    await withinTime(transport.close(), clock, CLOSE_LIMIT_MS);
    stopListening();
    face.close();
    platform.endInput();
  }
}

function createFace(
  { json, framing }: ChatOptions,
  { file: identityFile }: OpenIdentity,
  { lines, print, clock, command }: ChatStreams,
  { terminal }: ChatPlatform,
): Face {
  const invitation = { command, framing, identityFile };
  if (json) return createJsonFace({ lines: lines(), print, invitation, clock });
  const screen = terminal === undefined ? createPlainScreen(lines(), print) : createTerminal(terminal);
  return createTextFace(screen, invitation, clock);
}

/** The first signal, or interrupt key, ends the chat as it should be ended, the second at once. */
function listenForEnd(
  face: Face,
  ending: AbortController,
  identity: OpenIdentity,
  { onSignal, exitNow }: ChatPlatform,
): () => void {
  let told = false;
  const end = (signal: number): void => {
    if (!told) {
      told = true;
      ending.abort();
      return;
    }
    face.close();
    void identity.release().finally(() => exitNow(SIGNAL_STATUS + signal));
  };
  face.onInterrupt(() => end(SIGINT));
  return onSignal(end);
}
