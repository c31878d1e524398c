import { DemlsError } from "demls";
import type { Fields } from "./fields.js";

/** In UTF-16 units: sixteen times the largest packet that a session takes, in base64. Longer lines are refused. */
export const MAX_LINE_LENGTH = 24 * 1_048_576;

/** A line that the peer writes. */
export type Line = Readonly<Record<string, unknown>> & { readonly type: string };

/** Writes a line. */
export type Emit = (line: Line) => void;

/** The fields of a command line, `cmd` and `id` among them; `undefined` where it is not one. */
export function parseCommandLine(text: string): Fields | undefined {
  if (text.length > MAX_LINE_LENGTH) return undefined;
  const value = parseJson(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const fields = value as Fields;
  // Repeating an id that is nested as deep as a line is long would exhaust the stack.
  return typeof fields["id"] === "object" && fields["id"] !== null ? undefined : fields;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the line, which may hold a secret key.
    return undefined;
  }
}

/** The reply to a command that was carried out. */
export function acceptance({ id }: Fields, result: unknown): Line {
  return { type: "reply", ...(id === undefined ? {} : { id }), ok: true, result: result ?? null };
}

/** The reply to one that was not. */
export function refusal({ id }: Fields, error: unknown): Line {
  return { type: "reply", ...(id === undefined ? {} : { id }), ok: false, error: reasonOf(error) };
}

/** What the protocol says of an error: nothing of one that the library did not word itself. */
export function reasonOf(error: unknown): string {
  return error instanceof DemlsError ? `${error.message} [${error.code}]` : "The command failed.";
}
