import { DemlsError } from "demls";
import type { Fields } from "./fields.js";

/** Maximum line length, in UTF-16 units: sixteen times the largest packet of a session, in base64. */
export const MAX_LINE_LENGTH = 24 * 1_048_576;

/** A line that the peer writes. */
export type Line = Readonly<Record<string, unknown>> & { readonly type: string };

/** Writes a line. */
export type Emit = (line: Line) => void;

/** Parses a command line into its fields, including `cmd` and `id`; `undefined` for an invalid line. */
export function parseCommandLine(text: string): Fields | undefined {
  if (text.length > MAX_LINE_LENGTH) return undefined;
  const value = parseJson(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const fields = value as Fields;
  // Encoding a deeply nested id in the reply would exhaust the stack.
  return typeof fields["id"] === "object" && fields["id"] !== null ? undefined : fields;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's error message quotes the line, which may contain a secret key.
    return undefined;
  }
}

/** The reply to a successful command. */
export function acceptance({ id }: Fields, result: unknown): Line {
  return { type: "reply", ...(id === undefined ? {} : { id }), ok: true, result: result ?? null };
}

/** The reply to a failed command. */
export function refusal({ id }: Fields, error: unknown): Line {
  return { type: "reply", ...(id === undefined ? {} : { id }), ok: false, error: reasonOf(error) };
}

/** The text of an error in the protocol. It omits the messages of foreign errors. */
export function reasonOf(error: unknown): string {
  return error instanceof DemlsError ? `${error.message} [${error.code}]` : "The command failed.";
}
