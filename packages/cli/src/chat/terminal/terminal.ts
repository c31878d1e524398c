import { on } from "node:events";
import { createInterface } from "node:readline";
import { Writable, type Readable } from "node:stream";
import { safeText } from "./safe-text.js";
import type { LineStyle, Screen } from "./screen.js";
import { layOutLine } from "./line-layout.js";

/** The output of a terminal, such as `process.stdout`. */
export interface TerminalOutput {
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
  on(event: "resize", listener: () => void): unknown;
  off(event: "resize", listener: () => void): unknown;
}

/** The input and output of a terminal. */
export interface TerminalStreams {
  readonly input: Readable;
  readonly output: TerminalOutput;
  /** Whether lines are coloured. */
  readonly colour: boolean;
}

/** Select Graphic Rendition (ECMA-48). The user's terminal defines the shades of these colours. */
const COLOURS: Readonly<Record<LineStyle, string>> = {
  message: "",
  own: "\x1b[2m",
  notice: "\x1b[36m",
  question: "\x1b[33m",
  result: "",
  warning: "\x1b[31m",
};
const PLAIN = "\x1b[0m";
/** Erases from the cursor to the end of the screen. */
const ERASE_BELOW = "\x1b[J";
const DEFAULT_SIZE = { columns: 80, rows: 24 };
const HISTORY = 200;

/**
 * A terminal with the input line at the bottom and printed lines above it.
 *
 * Node's readline reads the keys and edits the line, but its output is discarded, since readline cannot erase the
 * line that it has drawn. This module draws the line on as many rows as it needs. Before it prints another line it
 * erases the input line, and redraws it below with the same cursor position.
 */
export function createTerminal({ input, output, colour }: TerminalStreams): Screen {
  const undrawn = Object.assign(new Writable({ write: (_chunk, _encoding, done) => done() }), {
    columns: Number.MAX_SAFE_INTEGER,
  });
  const editor = createInterface({ input, output: undrawn, terminal: true, historySize: HISTORY });
  let prompt = "> ";
  /** Cursor row within the drawn input line. */
  let cursorRow = 0;
  let closed = false;

  const toTop = (): string => `${cursorRow > 0 ? `\x1b[${cursorRow}A` : ""}\r${ERASE_BELOW}`;

  function drawing(): string {
    const { columns = DEFAULT_SIZE.columns, rows: height = DEFAULT_SIZE.rows } = output;
    const index = prompt.length + editor.cursor;
    // One row remains for the last printed line.
    const { rows, cursor } = layOutLine(
      prompt + editor.line,
      index,
      Math.max(2, columns),
      Math.max(1, height - 1),
    );
    cursorRow = cursor.row;
    const up = rows.length - 1 - cursor.row;
    return `${rows.join("\r\n")}${up > 0 ? `\x1b[${up}A` : ""}\r${cursor.column > 0 ? `\x1b[${cursor.column}C` : ""}`;
  }

  function redraw(): void {
    if (!closed) output.write(toTop() + drawing());
  }

  // One redraw for all keys of one chunk, such as pasted text.
  let isDue = false;
  function redrawSoon(): void {
    if (isDue) return;
    isDue = true;
    queueMicrotask(() => {
      isDue = false;
      redraw();
    });
  }

  const lines = on(editor, "line", { close: ["close"] });
  input.on("keypress", redrawSoon);
  // The error of a closed terminal; a signal follows.
  editor.on("error", () => undefined);
  output.on("resize", redraw);
  // Readline pauses when the process comes back from the background.
  editor.on("SIGCONT", () => {
    editor.resume();
    redraw();
  });
  redraw();

  return {
    lines: (async function* () {
      for await (const [line] of lines) yield String(line);
    })(),

    print({ style, text }) {
      if (closed) return;
      const code = colour ? COLOURS[style] : "";
      const shown = code === "" ? safeText(text) : `${code}${safeText(text)}${PLAIN}`;
      output.write(`${toTop()}${shown}\r\n${drawing()}`);
    },

    prompt(text) {
      if (prompt === text) return;
      prompt = text;
      redraw();
    },

    onInterrupt: (listener) => void editor.on("SIGINT", listener),

    close() {
      if (closed) return;
      closed = true;
      input.off("keypress", redrawSoon);
      output.off("resize", redraw);
      output.write(toTop());
      editor.close();
    },
  };
}
