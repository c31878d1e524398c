import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** Implementation of a peer. */
export type Kind = "ts" | "rust";

/** A line that a peer prints. */
export type Line = Readonly<Record<string, unknown>> & { readonly type: string };

/** A line to or from a peer in the log of a run. */
export interface LogEntry {
  readonly peer: Kind;
  readonly to?: Readonly<Record<string, unknown>>;
  readonly from?: Line;
}

/** A process with members, driven over JSON lines. */
export interface Peer {
  readonly kind: Kind;
  /** Sends a command and resolves to its result. Rejects with {@link PeerRefusal} if the peer rejects the command. */
  call<T = unknown>(cmd: string, fields?: Readonly<Record<string, unknown>>): Promise<T>;
  /** Ends the process and resolves to its exit status. */
  quit(): Promise<number | null>;
}

/** Error for a reply with `ok: false`. */
export class PeerRefusal extends Error {}

/** Paths of the peers, relative to this file. */
export const DEMLS = fileURLToPath(new URL("../../packages/cli/bin/demls.js", import.meta.url));
const RUST_PEER = fileURLToPath(new URL("../rust-peer/target/release/rust-peer", import.meta.url));

/** Interval between polls of the timers, in milliseconds. */
const POLL_MS = 5;

interface Waiting {
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Starts a peer whose timers run.
 *
 * A TypeScript peer gets the time with every line and its randomness from `seed`, so that a replay of its log prints
 * the same lines. The Rust crate reads the system clock.
 *
 * @param onLine called with every line other than a reply.
 */
export function startPeer(
  kind: Kind,
  seed: number,
  log: (entry: LogEntry) => void,
  onLine: (line: Line) => void,
): Peer {
  const child: ChildProcessWithoutNullStreams =
    kind === "ts"
      ? spawn(process.execPath, [DEMLS, "peer", "--reproducible", `${seed}`])
      : spawn(RUST_PEER, ["--tick-ms", `${POLL_MS}`]);
  const waiting = new Map<number, Waiting>();
  /** Read-only commands, which the log omits with their replies. */
  const looks = new Set<number>();
  let lastId = 0;
  let diagnostics = "";
  let ended = false;

  const exited = new Promise<number | null>((resolve) => child.on("exit", resolve));
  child.stderr.on("data", (chunk: Buffer) => {
    diagnostics = (diagnostics + chunk.toString()).slice(-4_000);
  });
  void exited.then((status) => {
    ended = true;
    for (const { reject } of waiting.values()) {
      reject(new Error(`The ${kind} peer ended with status ${status}: ${diagnostics}`));
    }
  });
  createInterface({ input: child.stdout }).on("line", (text) => {
    const line = JSON.parse(text) as Line;
    if (line.type !== "reply" || !looks.delete(line["id"] as number)) log({ peer: kind, from: line });
    if (line.type !== "reply") return onLine(line);
    const call = waiting.get(line["id"] as number);
    waiting.delete(line["id"] as number);
    if (line["ok"] === true) call?.resolve(line["result"] as never);
    else call?.reject(new PeerRefusal(String(line["error"])));
  });

  function call<T>(cmd: string, fields: Readonly<Record<string, unknown>> = {}): Promise<T> {
    return new Promise((resolve, reject) => {
      if (ended) return reject(new Error(`The ${kind} peer has ended: ${diagnostics}`));
      const id = ++lastId;
      const time = kind === "ts" ? { at_ms: Date.now() } : {};
      const command = { id, cmd, ...time, ...fields };
      waiting.set(id, { resolve, reject });
      if (cmd === "state") looks.add(id);
      else log({ peer: kind, to: command });
      child.stdin.write(`${JSON.stringify(command)}\n`);
    });
  }

  async function pollOn(): Promise<void> {
    while (!ended) {
      await call("poll_all").catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
  if (kind === "ts") void pollOn();

  return {
    kind,
    call,
    async quit() {
      ended = true;
      child.stdin.end();
      return exited;
    },
  };
}
