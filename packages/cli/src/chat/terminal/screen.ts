import { safeText } from "./safe-text.js";

/** Kind of a line, which selects its colour. */
export type LineStyle = "message" | "own" | "notice" | "question" | "result" | "warning";

/** A line to print. Its text may contain unsafe characters, which `print` replaces. */
export interface ScreenLine {
  readonly style: LineStyle;
  readonly text: string;
}

/** Output and input of lines. */
export interface Screen {
  /** Input lines, until the input ends. */
  readonly lines: AsyncIterable<string>;
  print(line: ScreenLine): void;
  /** Sets the prompt before the input line. */
  prompt(text: string): void;
  /** Calls `listener` when the interrupt key is pressed, if that raises no signal. */
  onInterrupt(listener: () => void): void;
  close(): void;
}

/** A screen without a terminal, which prints lines only. */
export function createPlainScreen(lines: AsyncIterable<string>, print: (line: string) => void): Screen {
  return {
    lines,
    print: ({ text }) => print(safeText(text)),
    prompt: () => undefined,
    onInterrupt: () => undefined,
    close: () => undefined,
  };
}
