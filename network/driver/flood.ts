import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

/** What a hostile peer did, by one kind of garbage. */
export interface FloodReport {
  readonly kind: string;
  /** How often it got in. */
  readonly connections: number;
  /** How often it did not. */
  readonly refusals: number;
  /** How often it was cut off. */
  readonly cuts: number;
  /** How many peers it pretended to be. */
  readonly peers: number;
  readonly rpcs: number;
  readonly bytes: number;
}

const PROGRAM = fileURLToPath(new URL("../hostile/flood.mjs", import.meta.url));

/**
 * Lets a hostile process send garbage of every kind to the node at `address`, for so many seconds.
 *
 * @param topic - the gossipsub topic of the conversation that the node is in.
 */
export async function flood(
  address: string,
  topic: string,
  seconds: number,
): Promise<readonly FloodReport[]> {
  const child = spawn(process.execPath, [PROGRAM, address, topic, `${seconds}`]);
  // It would go on beyond a test that fails, and take a core.
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  let diagnostics = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (diagnostics += chunk.toString()));
  const status = await new Promise((resolve) => child.on("close", resolve));
  if (status !== 0) throw new Error(`The flood ended with ${String(status)}. ${diagnostics}`);
  return JSON.parse(output) as readonly FloodReport[];
}
