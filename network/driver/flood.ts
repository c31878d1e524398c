import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

/** Report of a hostile peer on one kind of garbage. */
export interface FloodReport {
  readonly kind: string;
  /** Number of established connections. */
  readonly connections: number;
  /** Number of rejected connections. */
  readonly refusals: number;
  /** Number of connections closed by the other side. */
  readonly cuts: number;
  /** Number of peer ids used. */
  readonly peers: number;
  readonly rpcs: number;
  readonly bytes: number;
}

const PROGRAM = fileURLToPath(new URL("../hostile/flood.mjs", import.meta.url));

/**
 * Runs a hostile process that sends `kinds` of garbage, by default every kind, to the node at `address` for `seconds`.
 *
 * @param topic - the gossipsub topic of the node's conversation.
 */
export async function flood(
  address: string,
  topic: string,
  seconds: number,
  ...kinds: readonly string[]
): Promise<readonly FloodReport[]> {
  const child = spawn(process.execPath, [PROGRAM, address, topic, `${seconds}`, ...kinds]);
  // Otherwise the process would outlive a failed test and use a core.
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  let diagnostics = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (diagnostics += chunk.toString()));
  const status = await new Promise((resolve) => child.on("close", resolve));
  if (status !== 0) throw new Error(`The flood ended with ${String(status)}. ${diagnostics}`);
  return JSON.parse(output) as readonly FloodReport[];
}
