import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { DEMLS, type LogEntry } from "./peer.js";

/** Where a replay went another way than the run. */
export interface Difference {
  /** Index among the lines that the TypeScript peer printed. */
  readonly line: number;
  readonly recorded: string | undefined;
  readonly replayed: string | undefined;
}

/**
 * Plays the log of a run to fresh TypeScript members: the commands and packets that they got, at the times they
 * got them. They must print every line that was printed in the run.
 *
 * @returns the first difference, or `undefined` where there is none.
 */
export async function replay(seed: number, log: readonly LogEntry[]): Promise<Difference | undefined> {
  const ours = log.filter(({ peer }) => peer === "ts");
  const given = ours.flatMap(({ to }) => (to === undefined ? [] : [JSON.stringify(to)]));
  const recorded = ours.flatMap(({ from }) => (from === undefined ? [] : [JSON.stringify(from)])).slice(1);
  // The first line tells the process's id.
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
