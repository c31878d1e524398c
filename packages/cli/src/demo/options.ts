import { parseArgs } from "node:util";
import { DemlsError } from "demls";

/** Options of `demls demo`. */
export interface DemoOptions {
  /** Number of members, 3 to 12. */
  readonly members: number;
  /** Determines names, keys, delays and roles. MLS uses the platform's random source. */
  readonly seed: string;
  /** Range of the packet delay, in milliseconds. */
  readonly delayMs: { readonly min: number; readonly max: number };
  /** The member (counted from 1) that receives only damaged commit candidates. */
  readonly corrupt: number | undefined;
  /** Whether to print every event of every member, and a table at the end. */
  readonly verbose: boolean;
}

export const DEMO_USAGE = `Options of demo:
  --members N      number of members, 3 to 12 (default 5)
  --seed S         determines names, keys, delays and roles (default "garden"). Timings and commits
                   still differ from run to run, since clocks and MLS randomness are real
  --delay MIN-MAX  packet delay in milliseconds (default 2-15)
  --corrupt K      damage every commit candidate on its way to member K, counted from 1, to show how
                   the group detects a divergence (default none)
  --verbose        print every event of every member, and a table at the end

The exit status is 0 if all members agree on epoch, members, stewards and keys, 1 if any two
differ, and 2 for an invalid option.`;

const MEMBERS = { min: 3, max: 12 };
const MAX_DELAY_MS = 200;

/**
 * Parses the options of `demls demo`.
 *
 * @throws DemlsError `invalid-option`, which names the option.
 */
export function parseDemoOptions(args: readonly string[]): DemoOptions {
  const { members, seed, delay, corrupt, verbose } = parse(args);
  if (seed === "") throw invalidOption("seed", "takes at least one character.");
  const options = {
    members: integer("members", members, MEMBERS.min, MEMBERS.max),
    seed,
    delayMs: range(delay),
  };
  return {
    ...options,
    corrupt: corrupt === undefined ? undefined : integer("corrupt", corrupt, 1, options.members),
    verbose,
  };
}

interface Given {
  readonly members: string;
  readonly seed: string;
  readonly delay: string;
  readonly corrupt: string | undefined;
  readonly verbose: boolean;
}

function parse(args: readonly string[]): Given {
  try {
    const { values } = parseArgs({
      args: withNegativeValues(args),
      strict: true,
      options: {
        members: { type: "string", default: "5" },
        seed: { type: "string", default: "garden" },
        delay: { type: "string", default: "2-15" },
        corrupt: { type: "string" },
        verbose: { type: "boolean", default: false },
      },
    });
    return { ...values, corrupt: values.corrupt };
  } catch (error) {
    const message = error instanceof Error ? error.message : "";
    const [, option] = /^Option '--(\w+).*argument (?:missing|is ambiguous)/.exec(message) ?? [];
    if (option !== undefined) throw invalidOption(option, "needs a value.");
    const reason = message.split(".")[0] ?? "An option is invalid";
    throw new DemlsError("invalid-option", { message: `${reason}.`, remedy: "See demls --help." });
  }
}

/** Rewrites `--members -3` to `--members=-3`, for which `parseArgs` has a better error. */
function withNegativeValues(args: readonly string[]): string[] {
  return args.flatMap((arg, index) => {
    if (/^-\d/.test(arg) && takesValue(args[index - 1])) return [];
    const next = args[index + 1];
    return takesValue(arg) && next !== undefined && /^-\d/.test(next) ? [`${arg}=${next}`] : [arg];
  });
}

function takesValue(arg: string | undefined): boolean {
  return arg !== undefined && /^--\w+$/.test(arg);
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
