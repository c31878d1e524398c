import { safeText } from "./safe-text.js";

/** What a line is, for those that show it in colour. */
export type LineStyle = "message" | "own" | "notice" | "question" | "result" | "warning";

/** A line to be shown. Its text may hold anything: it is made safe where it is printed. */
export interface ScreenLine {
  readonly style: LineStyle;
  readonly text: string;
}

/** Where lines are shown and typed. */
export interface Screen {
  /** What is typed, a line each, until the input ends. */
  readonly lines: AsyncIterable<string>;
  print(line: ScreenLine): void;
  /** What stands before the line being typed. */
  prompt(text: string): void;
  /** Calls `listener` where the interrupt key is pressed and brings no signal. */
  onInterrupt(listener: () => void): void;
  close(): void;
}

/** A screen that is no terminal: lines after lines. */
export function createPlainScreen(lines: AsyncIterable<string>, print: (line: string) => void): Screen {
  return {
    lines,
    print: ({ text }) => print(safeText(text)),
    prompt: () => undefined,
    onInterrupt: () => undefined,
    close: () => undefined,
  };
}
