import { parseArgs } from "node:util";
import { DemlsError } from "demls";

/** What a demo is run with. */
export interface DemoOptions {
  /** How many members take part, 3 to 12. */
  readonly members: number;
  /** Determines names, keys, delays and choices. */
  readonly seed: string;
  /** How long a packet travels, in milliseconds. */
  readonly delayMs: { readonly min: number; readonly max: number };
  /** The member (counted from 1) that receives every commit candidate damaged; 0: none. */
  readonly corrupt: number;
}

export const DEMO_USAGE = `Options of demo:
  --members N      members that take part, 3 to 12 (default 5)
  --seed S         names, delays and choices (default "garden")
  --delay MIN-MAX  milliseconds a packet travels (default 2-15)
  --corrupt K      damage every commit candidate on its way to member K, to see a parting noticed

It exits with 0 when all members end in the same epoch, with the same members, stewards and keys,
with 1 when any two differ, and with 2 when an option is wrong.`;

const MEMBERS = { min: 3, max: 12 };
const MAX_DELAY_MS = 200;

/**
 * Reads the options of `demls demo`.
 *
 * @throws DemlsError `invalid-option`, naming it.
 */
export function parseDemoOptions(args: readonly string[]): DemoOptions {
  const { members, seed, delay, corrupt } = parse(args);
  const options = {
    members: integer("members", members, MEMBERS.min, MEMBERS.max),
    seed,
    delayMs: range(delay),
  };
  return { ...options, corrupt: integer("corrupt", corrupt, 0, options.members) };
}

function parse(args: readonly string[]): { members: string; seed: string; delay: string; corrupt: string } {
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      options: {
        members: { type: "string", default: "5" },
        seed: { type: "string", default: "garden" },
        delay: { type: "string", default: "2-15" },
        corrupt: { type: "string", default: "0" },
      },
    }).values;
  } catch (error) {
    const message = error instanceof Error ? error.message.split(".")[0] : "An option is wrong";
    throw new DemlsError("invalid-option", { message: `${message}.`, remedy: "See demls --help." });
  }
}

function integer(option: string, text: string, min: number, max: number): number {
  const value = /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw invalidOption(option, `takes a whole number from ${min} to ${max}, not ${JSON.stringify(text)}.`);
}

function range(text: string): DemoOptions["delayMs"] {
  const [, min, max] = /^(\d{1,3})-(\d{1,3})$/.exec(text) ?? [];
  const delayMs = { min: Number(min ?? Number.NaN), max: Number(max ?? Number.NaN) };
  if (delayMs.min <= delayMs.max && delayMs.max <= MAX_DELAY_MS) return delayMs;
  throw invalidOption(
    "delay",
    `takes MIN-MAX with 0 <= MIN <= MAX <= ${MAX_DELAY_MS}, not ${JSON.stringify(text)}.`,
  );
}

function invalidOption(option: string, what: string): DemlsError<"invalid-option"> {
  return new DemlsError("invalid-option", {
    message: `--${option} ${what}`,
    field: option,
    remedy: "See demls --help.",
  });
}
