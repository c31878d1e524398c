import { parseArgs } from "node:util";
import { DemlsError } from "demls";

/** Options of `demls peer`. */
export interface PeerOptions {
  /** Interval of automatic polls, in milliseconds; 0 for none. */
  readonly tickMs: number;
  /**
   * If set, the peer is a function of its lines: randomness comes from this seed, and time from the field `at_ms` of
   * the lines. The seed reveals all keys.
   */
  readonly seed: string | undefined;
}

export const PEER_USAGE = `Usage: demls peer [options]

Holds members that another program drives over JSON lines.

Options:
  --tick-ms N      fire due timers every N milliseconds; without it only on poll and poll_all
  --reproducible S for tests only, protects nothing: randomness comes from seed S, and time
                   from each command's field at_ms (since 1970): the same input gives the same output

It reads commands from standard input and writes replies, packets and events to standard output, a JSON
object a line, and ends with 0 at the input's end. interop/peer/README.md lists the commands.`;

/** The longest interval: an hour. */
const MAX_TICK_MS = 3_600_000;

/**
 * Parses the options of `demls peer`.
 *
 * @throws DemlsError `invalid-option`, which names the option.
 */
export function parsePeerOptions(args: readonly string[]): PeerOptions {
  const { "tick-ms": tickMs, reproducible: seed, data } = parse(args);
  if (data !== undefined)
    throw invalidOption("data", "is not supported: this version stores nothing on disk.");
  if (seed !== undefined && tickMs !== "0") {
    throw invalidOption("tick-ms", "excludes --reproducible, with which the lines carry the time.");
  }
  const interval = /^\d{1,7}$/.test(tickMs) ? Number(tickMs) : Number.NaN;
  if (interval <= MAX_TICK_MS) return { tickMs: interval, seed };
  throw invalidOption(
    "tick-ms",
    `takes whole milliseconds from 0 to ${MAX_TICK_MS}, not ${JSON.stringify(tickMs)}.`,
  );
}

interface ParsedOptions {
  readonly "tick-ms": string;
  readonly reproducible?: string | undefined;
  readonly data?: string | undefined;
}

function parse(args: readonly string[]): ParsedOptions {
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      options: {
        "tick-ms": { type: "string", default: "0" },
        reproducible: { type: "string" },
        data: { type: "string" },
      },
    }).values;
  } catch (error) {
    const message = error instanceof Error ? error.message.split(".")[0] : "An option is wrong";
    throw new DemlsError("invalid-option", { message: `${message}.`, remedy: "See demls peer --help." });
  }
}

function invalidOption(option: string, what: string): DemlsError<"invalid-option"> {
  return new DemlsError("invalid-option", {
    message: `--${option} ${what}`,
    field: option,
    remedy: "See demls peer --help.",
  });
}
