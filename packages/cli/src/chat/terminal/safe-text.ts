/** Code points of one message that are shown; a terminal is no place for more. */
const MAX_SHOWN = 4_000;
/** Code points of a name that are shown. */
const MAX_NAME = 16;
/** Marks that may stand on one letter: more than any language needs, fewer than cover the lines around. */
const MAX_MARKS = 4;

/**
 * What a terminal obeys, or what changes the order or place of the text around it: control characters, format
 * characters such as those of writing direction, line separators, and halves of surrogate pairs. Not the two
 * joiners, which shape letters and emoji.
 */
const UNSAFE = /(?!\u200c|\u200d)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const LINE_BREAKS = /\r\n|[\n\r\u0085\u2028\u2029]/g;
const TOO_MANY_MARKS = new RegExp(`(\\p{M}{${MAX_MARKS}})\\p{M}+`, "gu");
const UNTYPEABLE = /(?:[\s~#/\ufffd]|\u200c|\u200d)+/gu;

/**
 * Text that another wrote, as one line that a terminal may be given: line breaks are shown as `↵`, tabs as
 * blanks, everything else that a terminal would obey as U+FFFD, and what is longer than a screen is cut.
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
 * A name that another claims, as one word that can be typed after a command; `undefined` where nothing is left of
 * it. What sets a name apart from what this program adds to it (`~`, `#`) does not stay in it.
 */
export function safeName(text: string): string | undefined {
  const words = safeText(cut(text, MAX_SHOWN)).replace(UNTYPEABLE, " ").trim();
  const name = [...words].slice(0, MAX_NAME).join("").trim().replaceAll(" ", "_");
  return /[\p{L}\p{N}]/u.test(name) ? name : undefined;
}

/** JSON on one line in which nothing stands that a terminal would obey: such characters are escaped. */
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
