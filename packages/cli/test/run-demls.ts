import { createVirtualClock } from "@demls/testkit";
import { main, type CommandContext } from "../src/main.js";

/** Result of one run of the command. */
export interface Run {
  readonly status: number;
  readonly output: string;
  readonly errors: string;
}

/** Runs the command in virtual time. */
export async function demls(...args: string[]): Promise<Run> {
  const clock = createVirtualClock({ wallMs: Date.UTC(2026, 10, 21) });
  const printed: string[] = [];
  const errors: string[] = [];
  let status: number | undefined;
  const context: CommandContext = {
    lines: async function* () {},
    print: (line: string) => void printed.push(line),
    printError: (line: string) => void errors.push(line),
    clock,
  };
  const done = main(args, context).then((result) => {
    status = result;
  });
  while (status === undefined) await clock.advanceUntil(() => status !== undefined, 1_000);
  await done;
  return { status, output: printed.join("\n"), errors: errors.join("\n") };
}
