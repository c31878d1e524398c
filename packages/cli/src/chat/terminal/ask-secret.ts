import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import type { TerminalStreams } from "./terminal.js";

/**
 * Asks for a line on a terminal, which is not shown while it is typed.
 *
 * @returns `undefined` after the interrupt key, or at the end of the input.
 */
export function askSecret({ input, output }: TerminalStreams, question: string): Promise<string | undefined> {
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
      output.write("\r\n");
      resolve(answer);
    });
  });
}
