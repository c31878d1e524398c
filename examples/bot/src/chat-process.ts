import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A line of `demls chat --json`. */
export type Line = Readonly<Record<string, unknown>> & { readonly type: string };

/** A process of `demls`, driven by lines of JSON. */
export interface ChatProcess {
  /** Sends a message, or a command as typed in the chat. */
  write(request: { readonly send: string } | { readonly id?: string; readonly command: string }): void;
  /** Ends the input, and so the chat. Resolves to the exit status. */
  end(): Promise<number>;
}

// A program outside of this repository starts the command `demls`.
const DEMLS = fileURLToPath(import.meta.resolve("@demls/cli/bin/demls.js"));

/** Starts `demls` with the arguments; `onLine` gets each event and each reply. */
export function startChat(args: readonly string[], onLine: (line: Line) => void): ChatProcess {
  const child = spawn(process.execPath, [DEMLS, ...args, "--json"], { stdio: ["pipe", "pipe", "inherit"] });
  createInterface({ input: child.stdout }).on("line", (text) => onLine(JSON.parse(text) as Line));
  const exited = once(child, "exit");
  return {
    write: (request) => void child.stdin.write(`${JSON.stringify(request)}\n`),
    async end() {
      child.stdin.end();
      const [status] = (await exited) as [number];
      return status;
    },
  };
}
