import { DemlsError } from "demls";
import { DEMO_USAGE, parseDemoOptions } from "./demo/options.js";
import { runDemo } from "./demo/run-demo.js";

const USAGE = `Usage: demls <command> [options]

Commands:
  demo    Watch members form an encrypted group without a server, vote, chat, ban and leave.

${DEMO_USAGE}`;

/** Exit statuses: all went well; the members of the demo parted; the command line was wrong. */
export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/**
 * The `demls` command.
 *
 * @param args the arguments after the program's name.
 * @returns the exit status.
 */
export async function main(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args;
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  if (command === "--help" || command === "-h" || (command === "demo" && rest.includes("--help"))) {
    print(USAGE);
    return EXIT.ok;
  }
  try {
    if (command !== "demo") throw unknownCommand(command);
    const agreed = await runDemo(parseDemoOptions(rest), print);
    return agreed ? EXIT.ok : EXIT.failed;
  } catch (error) {
    if (!(error instanceof DemlsError)) throw error;
    process.stderr.write(`demls: ${error.message} ${error.remedy ?? ""}\n`);
    return EXIT.usage;
  }
}

function unknownCommand(command: string | undefined): DemlsError<"unknown-command"> {
  return new DemlsError("unknown-command", {
    message: command === undefined ? "No command was given." : `There is no command ${JSON.stringify(command)}.`,
    remedy: "See demls --help.",
  });
}
