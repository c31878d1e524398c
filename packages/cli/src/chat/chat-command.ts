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

/** Process facilities of the chat command. */
export interface ChatPlatform {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly random: RandomSource;
  /** Set if standard input and standard output are both a terminal. */
  readonly terminal: TerminalStreams | undefined;
  startTransport(options: ChatOptions, identity: OpenIdentity): Promise<ChatTransport>;
  /** Calls `listener` with the number of each terminating signal. @returns the unsubscribe function. */
  onSignal(listener: (signal: number) => void): () => void;
  /** Stops reading the input, which would keep the process running. */
  endInput(): void;
  /** Ends the process immediately. */
  exitNow(status: number): void;
}

/** Line input and output of a chat without a terminal. */
export interface ChatStreams {
  readonly lines: () => AsyncIterable<string>;
  readonly print: (line: string) => void;
  readonly printError: (line: string) => void;
  readonly clock: Clock;
  /** Shell command that starts a chat here; the join commands begin with it. */
  readonly command: string;
}

/** Signal number of the interrupt key. */
const SIGINT = 2;
/** A signal ends a process with this number plus the signal's as exit status (POSIX shells). */
const SIGNAL_STATUS = 128;
/** Time limit for closing the transport, which waits some seconds for its peers to read. */
const CLOSE_LIMIT_MS = 8_000;

/**
 * The `demls chat` command.
 *
 * @returns 0 if the user left; 1 after a removal, a failed join or a network failure.
 * @throws DemlsError for an invalid option or identity.
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

/** Ends the chat in order at the first signal or interrupt key, and immediately at the second. */
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
