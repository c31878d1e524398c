import stringWidth from "string-width";
import { safeText } from "./safe-text.js";

/** A line being typed, laid out on the rows of a terminal. */
export interface LineLayout {
  readonly rows: readonly string[];
  /** Cursor position, from 0. */
  readonly cursor: { readonly row: number; readonly column: number };
}

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/**
 * Breaks `text` into rows of `columns`, at grapheme boundaries. Some graphemes are two columns wide.
 *
 * @param cursorIndex cursor position in `text`, in UTF-16 units.
 * @param height maximum number of rows; a longer text is cut to the rows around the cursor.
 */
export function layOutLine(text: string, cursorIndex: number, columns: number, height: number): LineLayout {
  const rows: string[] = [];
  let row = "";
  let column = 0;
  let cursor: LineLayout["cursor"] | undefined;
  const breakRow = (): void => {
    rows.push(row);
    row = "";
    column = 0;
  };
  for (const { segment, index } of graphemes.segment(text)) {
    const shown = safeText(segment);
    const width = stringWidth(shown);
    if (column + width > columns) breakRow();
    if (cursor === undefined && index + segment.length > cursorIndex) cursor = { row: rows.length, column };
    row += shown;
    column += width;
  }
  // After a full row the cursor is on the next row.
  if (column >= columns) breakRow();
  cursor ??= { row: rows.length, column };
  rows.push(row);
  const first = Math.max(0, Math.min(cursor.row - height + 1, rows.length - height));
  return {
    rows: rows.slice(first, first + height),
    cursor: { row: cursor.row - first, column: cursor.column },
  };
}
