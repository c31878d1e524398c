import { DemlsError, type Clock, type RandomSource } from "demls";
import type { ChatFiles } from "./files/chat-files.js";
import { agreedAddresses } from "./invited/agreed-addresses.js";
import { givenLine } from "./invited/given-line.js";
import { invitationIn, type Invited } from "./invited/invitation-argument.js";
import {
  askAboutPrivate,
  describeDialled,
  describeInvitation,
  invitationJson,
} from "./invited/show-invitation.js";
import { changePassphraseOf, forgetChat, showHistory } from "./kept-commands.js";
import { listChats } from "./list-chats.js";
import type { ChatTransport } from "./network/chat-transport.js";
import { parseChatOptions, type ChatOptions } from "./options/chat-options.js";
import { runChat, type ChatEnd } from "./run-chat.js";
import { isMemberAlready, openSeat, type Seat } from "./seat.js";
import { startKeptTransport, type StartTransport } from "./start-transport.js";
import type { Environment } from "./store/data-folder.js";
import { askLine, askSecret } from "./terminal/ask-line.js";
import { safeText } from "./terminal/safe-text.js";
import { createPlainScreen } from "./terminal/screen.js";
import { createTerminal, type TerminalStreams } from "./terminal/terminal.js";
import { createTimeText } from "./terminal/time-text.js";
import { withinTime } from "./time-limit.js";
import type { ChatView } from "./view/chat-view.js";
import { createJsonView } from "./view/json/json-view.js";
import { describeError } from "./view/text/error-text.js";
import { createTextView } from "./view/text/text-view.js";

/** Process facilities of the chat command. */
export interface ChatPlatform {
  readonly env: Environment;
  readonly files: ChatFiles;
  readonly random: RandomSource;
  /** Set if standard input and standard output are both a terminal. */
  readonly terminal: TerminalStreams | undefined;
  /** IANA name of the time zone of the shown times; the machine's if undefined. */
  readonly timeZone: string | undefined;
  readonly startTransport: StartTransport;
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
/** Ends without a removal and without a join that failed. */
const WISHED: readonly ChatEnd[] = ["closed", "left", "join-cancelled"];
/** Ends after which nothing is kept. */
const FORGOTTEN: readonly ChatEnd[] = ["left", "join-cancelled", "join-expired"];

/**
 * The `demls chat` command.
 *
 * @returns 0 if the user left or ended the chat; 1 after a removal, a failed join or a network failure.
 * @throws DemlsError for an invalid option, invitation, identity or profile.
 */
export async function chatCommand(
  args: readonly string[],
  streams: ChatStreams,
  platform: ChatPlatform,
): Promise<number> {
  const invited = await invitationIn(args, Math.floor(streams.clock.wallMs() / 1_000));
  const options = parseChatOptions(args, platform.env, invited);
  if (options.kind === "list") {
    await listChats(options, { ...streams, ...platform });
    return 0;
  }
  const { terminal } = platform;
  const canAsk = terminal !== undefined && !options.json;
  const ask = canAsk ? (question: string) => askSecret(terminal, question) : undefined;
  if (options.kind === "passphrase") {
    await changePassphraseOf(options, { ...streams, ...platform, ask });
    return 0;
  }
  if (options.kind !== "chat") {
    const run = options.kind === "messages" ? showHistory : forgetChat;
    await run(options, { ...streams, ...platform, ask });
    return 0;
  }
  // A member goes on at the addresses that it has agreed to before.
  const isGuest = invited !== undefined && !(await isMemberAlready(options, platform));
  const agreed = isGuest ? await withAgreed(options, invited, streams, platform) : options;
  const seat = await openSeat(agreed, { ...platform, ask });
  try {
    return await chatFrom(seat, streams, platform);
  } finally {
    await seat.close();
  }
}

/**
 * The `demls join` command: as {@link chatCommand}, and the invitation may come from the terminal or the first line of the
 * input, too.
 *
 * @throws DemlsError `invalid-option` without an invitation; as {@link chatCommand}.
 */
export async function joinCommand(
  args: readonly string[],
  streams: ChatStreams,
  platform: ChatPlatform,
): Promise<number> {
  const { terminal } = platform;
  const canAsk = terminal !== undefined && !args.includes("--json");
  const ask = canAsk ? (question: string) => askSecret(terminal, question) : undefined;
  const given = await givenLine({ args, lines: streams.lines }, ask);
  try {
    return await chatCommand(given.args, { ...streams, lines: given.lines }, platform);
  } catch (error) {
    // Input that was begun keeps the process running.
    platform.endInput();
    throw error;
  }
}

/** Shows the invitation, and adds those of its addresses to which the user agrees to the dialled ones. */
async function withAgreed(
  options: ChatOptions,
  invited: Invited,
  { print }: ChatStreams,
  { terminal }: ChatPlatform,
): Promise<ChatOptions> {
  const { json, dial, dialsPrivate } = options;
  const tell = (lines: readonly string[]): void => {
    if (!json) for (const line of lines) print(safeText(line));
  };
  tell(describeInvitation(invited));
  const agreed = await agreedAddresses(invited.addresses, async (addresses) => {
    if (dialsPrivate || terminal === undefined || json) return dialsPrivate;
    return /^y(es)?$/i.test((await askLine(terminal, safeText(askAboutPrivate(addresses)))) ?? "");
  });
  tell(describeDialled(agreed));
  if (json) print(invitationJson(invited, agreed));
  return { ...options, dial: [...dial, ...agreed.dialled] };
}

async function chatFrom(seat: Seat, streams: ChatStreams, platform: ChatPlatform): Promise<number> {
  const { clock, printError } = streams;
  let transport: ChatTransport;
  try {
    transport = await startKeptTransport(seat, platform.startTransport);
  } catch (error) {
    if (error instanceof DemlsError) throw error;
    printError(safeText(`demls: The network cannot be used: ${describeError(error)}`));
    return 1;
  }
  const view = createView(seat, streams, platform);
  const ending = new AbortController();
  const stopListening = endOnSignals(view, ending, platform);
  try {
    const { random } = platform;
    const end = await runChat({ view, seat, transport, clock, random, ending });
    // A removed user may still read what was said, also after it has asked in vain.
    if (FORGOTTEN.includes(end) && (end === "left" || !seat.wasRemoved)) await seat.kept?.forget();
    const status = WISHED.includes(end) ? 0 : 1;
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
  { options: { json, framing, isVerbose } }: Seat,
  { lines, print, clock, command }: ChatStreams,
  { terminal, timeZone }: ChatPlatform,
): ChatView {
  const joinOptions = { command, framing };
  if (json) return createJsonView({ lines: lines(), print, joinOptions, clock });
  const screen = terminal === undefined ? createPlainScreen(lines(), print) : createTerminal(terminal);
  const timeOf = createTimeText(() => clock.wallMs(), timeZone);
  return createTextView(screen, { joinOptions, isVerbose, timeOf }, clock);
}

/** Ends the chat in order at the first signal or interrupt key, and immediately at the second. */
function endOnSignals(
  view: ChatView,
  ending: AbortController,
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
    exitNow(SIGNAL_STATUS + signal);
  };
  view.onInterrupt(() => end(SIGINT));
  return onSignal(end);
}
