import { DemlsError, type Clock, type RandomSource } from "demls";
import { openIdentity, type OpenIdentity } from "./identity/open-identity.js";
import type { ChatTransport } from "./network/chat-transport.js";
import { parseChatOptions, type ChatOptions } from "./options/chat-options.js";
import { runChat } from "./run-chat.js";
import { createPlainScreen } from "./terminal/screen.js";
import { createTerminal, type TerminalStreams } from "./terminal/terminal.js";
import { withinTime } from "./time-limit.js";
import type { ChatView } from "./view/chat-view.js";
import { createJsonView } from "./view/json/json-view.js";
import { describeError } from "./view/text/error-text.js";
import { createTextView } from "./view/text/text-view.js";

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
  const view = createView(options, identity, streams, platform);
  const ending = new AbortController();
  const stopListening = endOnSignals(view, ending, identity, platform);
  try {
    const { random } = platform;
    const isWished = await runChat(options, { view, identity, transport, clock, random, ending });
    const status = isWished ? 0 : 1;
    view.show({ kind: "closed", status });
    return status;
  } finally {
    await withinTime(transport.close(), clock, CLOSE_LIMIT_MS);
    stopListening();
    view.close();
    platform.endInput();
  }
}

function createView(
  { json, framing }: ChatOptions,
  { file: identityFile }: OpenIdentity,
  { lines, print, clock, command }: ChatStreams,
  { terminal }: ChatPlatform,
): ChatView {
  const joinOptions = { command, framing, identityFile };
  if (json) return createJsonView({ lines: lines(), print, joinOptions, clock });
  const screen = terminal === undefined ? createPlainScreen(lines(), print) : createTerminal(terminal);
  return createTextView(screen, joinOptions, clock);
}

/** The first signal, or interrupt key, ends the chat as it should be ended, the second at once. */
function endOnSignals(
  view: ChatView,
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
    view.close();
    void identity.release().finally(() => exitNow(SIGNAL_STATUS + signal));
  };
  view.onInterrupt(() => end(SIGINT));
  return onSignal(end);
}
