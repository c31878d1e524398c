import stringWidth from "string-width";
import { safeText } from "./safe-text.js";

/** A line being typed, laid out on the rows of a terminal. */
export interface LineLayout {
  readonly rows: readonly string[];
  /** Where the cursor stands, from 0. */
  readonly cursor: { readonly row: number; readonly column: number };
}

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/**
 * Breaks `text` into rows of `columns`: by what is seen as one character, of which some are two columns wide.
 *
 * @param cursorIndex where in `text` the cursor is, in UTF-16 units.
 * @param height rows that may be taken; of a longer text those around the cursor are shown.
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
  // Behind a full row the cursor stands on the next.
  if (column >= columns) breakRow();
  cursor ??= { row: rows.length, column };
  rows.push(row);
  const first = Math.max(0, Math.min(cursor.row - height + 1, rows.length - height));
  return {
    rows: rows.slice(first, first + height),
    cursor: { row: cursor.row - first, column: cursor.column },
  };
}
