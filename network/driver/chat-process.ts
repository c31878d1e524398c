import { createHash } from "node:crypto";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A line that a chat prints. */
export type Line = Readonly<Record<string, unknown>> & { readonly type: string };

/** Predicate of the awaited line. */
export type Fits = (line: Line) => boolean;

/** A `demls chat` in its own process. */
export interface ChatProcess {
  readonly name: string;
  readonly pid: number;
  /** Printed lines, in order. */
  readonly lines: readonly Line[];
  /** Lines on the standard error. */
  readonly diagnostics: string;
  /** Calls `listener` with each further line. @returns the unsubscribe function. */
  onLine(listener: (line: Line) => void): () => void;
  /** The first past or future line of a type that matches. Rejects if the process ends before. */
  line(type: string, where?: Fits): Promise<Line>;
  /** The first future line of a type that matches. */
  next(type: string, where?: Fits): Promise<Line>;
  /** Sends a command, and resolves to its result. Rejects if the command fails. */
  command<T = unknown>(command: string): Promise<T>;
  /** Sends a message. Resolves when it is encrypted and queued. */
  say(text: string): Promise<void>;
  signal(signal: NodeJS.Signals): void;
  /** Resolves to the exit status, or to the signal that ended the process. */
  readonly exited: Promise<number | NodeJS.Signals>;
}

const DEMLS = fileURLToPath(new URL("../../packages/cli/bin/demls.js", import.meta.url));

/**
 * Heap of a chat. Without a limit V8 collects garbage late, and the peak memory of a process says more about the machine
 * than about the chat. A chat that keeps more than this ends with an error.
 */
const HEAP_MEGABYTES = 96;

/**
 * Starts a chat with the display name `name` and a key derived from it.
 *
 * @param dataHome - folder in which it keeps its conversations.
 */
export function startChat(name: string, args: readonly string[], dataHome: string): ChatProcess {
  const child = spawn(process.execPath, [DEMLS, "chat", ...args, "--name", name, "--json"], {
    env: {
      ...process.env,
      XDG_DATA_HOME: dataHome,
      DEMLS_KEY: createHash("sha256").update(name).digest("hex"),
      NODE_OPTIONS: `--max-old-space-size=${HEAP_MEGABYTES}`,
    },
  });
  const lines: Line[] = [];
  const listeners = new Set<(line: Line) => void>();
  let lastId = 0;
  let diagnostics = "";
  let ended = false;
  const exited = new Promise<number | NodeJS.Signals>((resolve) =>
    child.on("close", (status, signal) => {
      ended = true;
      resolve(signal ?? status ?? -1);
    }),
  );
  child.stderr.on("data", (chunk: Buffer) => (diagnostics = (diagnostics + chunk.toString()).slice(-4_000)));
  // Writing to a killed process fails.
  child.stdin.on("error", () => undefined);
  createInterface({ input: child.stdout }).on("line", (text) => {
    const line = JSON.parse(text) as Line;
    lines.push(line);
    for (const listener of [...listeners]) listener(line);
  });

  function onLine(listener: (line: Line) => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  function next(type: string, where: Fits = () => true): Promise<Line> {
    return new Promise((resolve, reject) => {
      const stop = onLine((printed) => {
        if (printed.type !== type || !where(printed)) return;
        stop();
        resolve(printed);
      });
      const fail = (): void => {
        stop();
        reject(new Error(`${name} ended without a line ${type}. ${diagnostics}`));
      };
      if (ended) fail();
      else void exited.then(fail);
    });
  }

  async function line(type: string, where: Fits = () => true): Promise<Line> {
    return lines.find((printed) => printed.type === type && where(printed)) ?? next(type, where);
  }

  async function ask<T>(request: Readonly<Record<string, string>>): Promise<T> {
    const id = ++lastId;
    const replied = next("reply", (printed) => printed["id"] === id);
    child.stdin.write(`${JSON.stringify({ id, ...request })}\n`);
    const reply = await replied;
    if (reply["ok"] === true) return reply["result"] as T;
    throw new Error(`${name} rejects ${JSON.stringify(request)}: ${JSON.stringify(reply)}`);
  }

  return {
    name,
    pid: child.pid ?? 0,
    lines,
    get diagnostics() {
      return diagnostics;
    },
    onLine,
    line,
    next,
    command: (command) => ask({ command }),
    say: async (text) => void (await ask({ send: text })),
    signal: (signal) => void child.kill(signal),
    exited,
  };
}
