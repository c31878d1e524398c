import { DemlsError, platformClock, type Clock } from "demls";
import { DEMO_USAGE, parseDemoOptions } from "./demo/options.js";
import { runDemo } from "./demo/run-demo.js";

const USAGE = `Usage: demls <command> [options]

Commands:
  demo    Watch members form an encrypted group without a server, vote, chat, ban and leave.

${DEMO_USAGE}`;

/** Exit statuses: all went well; the members of the demo parted; the command line was wrong. */
export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/** What the command writes to and runs on. */
export interface Surroundings {
  readonly print: (line: string) => void;
  readonly printError: (line: string) => void;
  readonly clock: Clock;
}

const processSurroundings: Surroundings = {
  print: (line) => void process.stdout.write(`${line}\n`),
  printError: (line) => void process.stderr.write(`${line}\n`),
  clock: platformClock,
};

/**
 * The `demls` command.
 *
 * @param args the arguments after the program's name.
 * @returns the exit status, one of {@link EXIT}.
 */
export async function main(
  args: readonly string[],
  { print, printError, clock }: Surroundings = processSurroundings,
): Promise<number> {
  const [command, ...rest] = args;
  if (asksForHelp([command]) || (command === "demo" && asksForHelp(rest))) {
    print(USAGE);
    return EXIT.ok;
  }
  try {
    if (command !== "demo") throw unknownCommand(command);
    const agreed = await runDemo(parseDemoOptions(rest), print, clock);
    return agreed ? EXIT.ok : EXIT.failed;
  } catch (error) {
    if (!(error instanceof DemlsError)) throw error;
    printError(`demls: ${error.message} ${error.remedy ?? ""}`);
    return EXIT.usage;
  }
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
