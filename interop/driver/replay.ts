import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { DEMLS, type LogEntry } from "./peer.js";

/** First difference between a replay and its run. */
export interface Difference {
  /** Index of the line among those of the TypeScript peer. */
  readonly line: number;
  readonly recorded: string | undefined;
  readonly replayed: string | undefined;
}

/**
 * Replays the log of a run with new TypeScript members: the same commands and packets at the same times. The members
 * must print the same lines as in the run.
 *
 * @returns the first difference, or `undefined`.
 */
export async function replay(seed: number, log: readonly LogEntry[]): Promise<Difference | undefined> {
  const ours = log.filter(({ peer }) => peer === "ts");
  const given = ours.flatMap(({ to }) => (to === undefined ? [] : [JSON.stringify(to)]));
  const recorded = ours.flatMap(({ from }) => (from === undefined ? [] : [JSON.stringify(from)])).slice(1);
  // The first line contains the process id.
  const replayed = (await printedBy(seed, given)).slice(1);
  const lines = Math.max(recorded.length, replayed.length);
  const line = Array.from({ length: lines }, (_, index) => index).find((at) => recorded[at] !== replayed[at]);
  return line === undefined ? undefined : { line, recorded: recorded[line], replayed: replayed[line] };
}

async function printedBy(seed: number, lines: readonly string[]): Promise<string[]> {
  const child = spawn(process.execPath, [DEMLS, "peer", "--reproducible", `${seed}`]);
  const printed: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => printed.push(line));
  child.stdin.end(lines.map((line) => `${line}\n`).join(""));
  await new Promise((resolve) => child.on("close", resolve));
  return printed;
}
