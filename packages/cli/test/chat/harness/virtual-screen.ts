/** An emulated terminal screen that supports the control sequences of the chat. */
export interface VirtualScreen {
  readonly columns: number;
  readonly rows: number;
  write(text: string): void;
  on(event: "resize", listener: () => void): void;
  off(event: "resize", listener: () => void): void;
  /** All rows, with scrolled-off ones, without trailing blanks. */
  readonly lines: readonly string[];
  readonly cursor: { readonly row: number; readonly column: number };
}

/** The wide characters of these tests. */
const WIDE = /[\u4e00-\u9fff\u{1f300}-\u{1faff}]/u;
/** Placeholder in the second column of a wide character. */
const COVERED = "";

/** Creates a screen that wraps as xterm does: the cursor leaves a full row at the next character. */
export function createVirtualScreen(columns: number, rows = 24): VirtualScreen {
  const cells: string[][] = [[]];
  let row = 0;
  let column = 0;

  function feed(): void {
    row += 1;
    cells[row] ??= [];
  }

  function put(character: string): void {
    const width = WIDE.test(character) ? 2 : 1;
    if (column + width > columns) {
      feed();
      column = 0;
    }
    const line = cells[row] ?? [];
    while (line.length < column) line.push(" ");
    line.splice(column, width, character, ...(width === 2 ? [COVERED] : []));
    column += width;
  }

  function obey(count: number, command: string): void {
    const top = Math.max(0, cells.length - rows);
    switch (command) {
      case "A":
        row = Math.max(top, row - count);
        return;
      case "C":
        column = Math.min(columns - 1, column + count);
        return;
      case "J":
        cells.splice(row + 1);
        cells[row]?.splice(column);
        return;
      case "m":
        return;
      default:
        throw new Error(`The screen does not support ${command}.`);
    }
  }

  return {
    columns,
    rows,
    write(text) {
      // eslint-disable-next-line no-control-regex -- Control sequences begin with the escape character.
      for (const [token, digits, command] of text.matchAll(/\u001b\[(\d*)([A-Za-z])|./gsu)) {
        if (command !== undefined) obey(Number(digits === "" ? 1 : digits), command);
        else if (token === "\r") column = 0;
        else if (token === "\n") feed();
        else put(token);
      }
    },
    on: () => undefined,
    off: () => undefined,
    get lines() {
      return cells.map((line) => line.join("").trimEnd());
    },
    get cursor() {
      return { row, column };
    },
  };
}
