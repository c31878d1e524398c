/** Maximum number of displayed code points of a message. */
const MAX_SHOWN = 4_000;
/** Maximum number of displayed code points of a name. */
const MAX_NAME = 16;
/** Maximum number of combining marks on a letter: enough for any language, too few to cover adjacent lines. */
const MAX_MARKS = 4;

/**
 * Characters that control a terminal or reorder the surrounding text: control characters, format characters such as
 * those of writing direction, line separators and lone surrogates. The two joiners are excepted, since letters and
 * emoji need them.
 */
const UNSAFE = /(?!\u200c|\u200d)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const LINE_BREAKS = /\r\n|[\n\r\u0085\u2028\u2029]/g;
const TOO_MANY_MARKS = new RegExp(`(\\p{M}{${MAX_MARKS}})\\p{M}+`, "gu");
const UNTYPEABLE = /(?:[\s~#/\ufffd]|\u200c|\u200d)+/gu;

/**
 * Makes foreign text safe to print on one terminal line. Line breaks become `↵`, tabs become blanks, other unsafe
 * characters become U+FFFD, and long text is cut.
 */
export function safeText(text: string): string {
  const shown = cut(text, MAX_SHOWN);
  return shown
    .replace(LINE_BREAKS, " ↵ ")
    .replaceAll("\t", " ")
    .replace(UNSAFE, "\ufffd")
    .replace(TOO_MANY_MARKS, "$1");
}

/**
 * Makes a claimed name safe to print and to type as one word; `undefined` if no letter or digit is left. Removes `~`
 * and `#`, which this program adds to names and votes.
 */
export function safeName(text: string): string | undefined {
  const words = safeText(cut(text, MAX_SHOWN)).replace(UNTYPEABLE, " ").trim();
  const name = [...words].slice(0, MAX_NAME).join("").trim().replaceAll(" ", "_");
  return /[\p{L}\p{N}]/u.test(name) ? name : undefined;
}

/** Encodes JSON on one line, with unsafe characters escaped. */
export function safeJson(value: unknown): string {
  return JSON.stringify(value).replace(UNSAFE, (character) =>
    Array.from(
      { length: character.length },
      (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`,
    ).join(""),
  );
}

function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const characters = [...text.slice(0, 2 * limit)];
  return characters.length <= limit && text.length <= 2 * limit
    ? text
    : `${characters.slice(0, limit).join("")} … (${text.length} characters)`;
}
