import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { safeText } from "./safe-text.js";
import type { TerminalStreams } from "./terminal.js";

/** Asks for a line, which is not shown. @returns `undefined` if the user declines. */
export type AskSecret = (question: string) => Promise<string | undefined>;

/**
 * Asks for a line on a terminal, which is not shown.
 *
 * @returns `undefined` after the interrupt key, or at the end of the input.
 */
export function askSecret(streams: TerminalStreams, question: string): Promise<string | undefined> {
  return ask(streams, question, () => "");
}

/** Asks for a line on a terminal, which is shown once it is complete. @returns as {@link askSecret}. */
export function askLine(streams: TerminalStreams, question: string): Promise<string | undefined> {
  return ask(streams, question, (answer) => safeText(answer));
}

function ask(
  { input, output }: TerminalStreams,
  question: string,
  shown: (answer: string) => string,
): Promise<string | undefined> {
  const undrawn = new Writable({ write: (_chunk, _encoding, done) => done() });
  const editor = createInterface({ input, output: undrawn, terminal: true, historySize: 0 });
  output.write(question);
  return new Promise((resolve) => {
    let answer: string | undefined;
    editor.on("line", (line) => {
      answer = line;
      editor.close();
    });
    editor.on("SIGINT", () => editor.close());
    editor.on("close", () => {
      output.write(`${shown(answer ?? "")}\r\n`);
      resolve(answer);
    });
  });
}
