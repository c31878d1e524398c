import { DemlsError, platformClock, type Clock } from "demls";
import { chatCommand, joinCommand, type ChatPlatform } from "./chat/chat-command.js";
import { CHAT_USAGE } from "./chat/options/chat-usage.js";
import { processPlatform } from "./chat/process-platform.js";
import { safeText } from "./chat/terminal/safe-text.js";
import { DEMO_USAGE, parseDemoOptions } from "./demo/options.js";
import { runDemo } from "./demo/run-demo.js";
import { readLines } from "./line-reader.js";

const USAGE = `Usage: demls <command> [options]

Commands:
  chat    Talk in an encrypted group from this terminal, with others on any machine.
  join    Join such a group by an invitation: demls join demls:…,
          or demls join, which asks for its line.
  demo    Watch members form an encrypted group without a server, vote, chat, ban and leave.

${CHAT_USAGE}

${DEMO_USAGE}`;

/** Exit statuses: success; a failed chat, or a demo whose members disagree; an invalid command line. */
export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/** Input, output and clock of a command. */
export interface CommandContext {
  /** Starts reading the standard input, line by line. */
  readonly lines: () => AsyncIterable<string>;
  readonly print: (line: string) => void;
  readonly printError: (line: string) => void;
  readonly clock: Clock;
  /**
   * Platform of a chat.
   *
   * @defaultValue the current process
   */
  readonly chat?: () => ChatPlatform;
  /**
   * Shell command that starts a chat here; the join commands begin with it.
   *
   * @defaultValue `"demls chat"`
   */
  readonly chatCommand?: string;
  /**
   * Additional commands by name. They print their own help.
   *
   * @defaultValue none
   */
  readonly commands?: Readonly<Record<string, Command>>;
}

/**
 * A command.
 *
 * @param args the arguments after the command's name.
 * @returns the exit status.
 * @throws DemlsError for invalid arguments.
 */
export type Command = (args: readonly string[], context: CommandContext) => Promise<number>;

const processContext: CommandContext = {
  lines: () => readLines(process.stdin),
  print: (line) => void process.stdout.write(`${line}\n`),
  printError: (line) => void process.stderr.write(`${line}\n`),
  clock: platformClock,
};

/**
 * Runs the `demls` command.
 *
 * @param args the arguments after the program's name.
 * @param given overrides of the process's input, output and clock.
 * @returns the exit status, one of {@link EXIT}.
 */
export async function main(args: readonly string[], given: Partial<CommandContext> = {}): Promise<number> {
  const context = { ...processContext, ...given };
  const { print, printError, commands = {} } = context;
  const [name, ...rest] = args;
  const own = commandNamed(name, COMMANDS);
  if (asksForHelp([name]) || (own !== undefined && asksForHelp(rest))) {
    print(USAGE);
    return EXIT.ok;
  }
  const command = own ?? commandNamed(name, commands);
  try {
    if (command === undefined) throw unknownCommand(name);
    return await command(rest, context);
  } catch (error) {
    if (!(error instanceof DemlsError)) throw error;
    printError(safeText(`demls: ${error.message} ${error.remedy ?? ""}`));
    return EXIT.usage;
  }
}

function chatting(run: typeof chatCommand): Command {
  return (args, { chat = processPlatform, chatCommand: command = "demls chat", ...streams }) =>
    run(args, { ...streams, command }, chat());
}

const COMMANDS: Readonly<Record<string, Command>> = {
  chat: chatting(chatCommand),
  join: chatting(joinCommand),
  async demo(args, { print, clock }) {
    const agreed = await runDemo(parseDemoOptions(args), print, clock);
    return agreed ? EXIT.ok : EXIT.failed;
  },
};

function commandNamed(
  name: string | undefined,
  commands: Readonly<Record<string, Command>>,
): Command | undefined {
  return name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
}

function asksForHelp(args: readonly (string | undefined)[]): boolean {
  return args.includes("--help") || args.includes("-h");
}

function unknownCommand(command: string | undefined): DemlsError<"unknown-command"> {
  return new DemlsError("unknown-command", {
    message:
      command === undefined ? "No command was given." : `There is no command ${JSON.stringify(command)}.`,
    remedy: "See demls --help.",
  });
}
