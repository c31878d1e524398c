import { isWellFormed } from "@demls/wire/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { safeJson, safeName, safeText } from "../../../src/chat/terminal/safe-text.js";

/** Characters that control a terminal, or move or reorder the surrounding text. */
// eslint-disable-next-line no-control-regex -- The tests assert their absence.
const OBEYED = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/u;

/** Text in which dangerous characters are common. */
const hostileText = fc
  .array(
    fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(
        "\u001b[2J",
        "\u009b31m",
        "\r",
        "\n",
        "\t",
        "\u0007",
        "\u202e",
        "\u2066",
        "\ud800",
        "\u200d",
        "\u0300",
        "\u{e0041}",
      ),
    ),
  )
  .map((parts) => parts.join(""));

describe("Safe text", () => {
  test("contains no terminal control characters for any input", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const safe = safeText(text);
        expect(safe).not.toMatch(OBEYED);
        expect(isWellFormed(safe)).toBe(true);
      }),
    );
  });

  test("is idempotent", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(safeText(safeText(text))).toBe(safeText(text));
      }),
    );
  });

  test.each([
    ["hello, wörld — 你好, שלום 👩‍👩‍👧"],
    ["क्षत्रिय"], // Contains joiners and combining marks.
    ["می‌خواهم"],
  ])("leaves %s unchanged", (text) => {
    expect(safeText(text)).toBe(text);
  });

  test("replaces line breaks of all systems with ↵ and tabs with blanks", () => {
    expect(safeText("a\nb\r\nc\rd\u2028e\tf")).toBe("a ↵ b ↵ c ↵ d ↵ e f");
  });

  test("limits the combining marks on a letter", () => {
    expect(safeText(`a${"\u0301".repeat(100)}b`)).toBe(`a${"\u0301".repeat(4)}b`);
  });

  test("is cut at a maximum length, and shows the original length", () => {
    const safe = safeText("👋".repeat(50_000));
    expect(safe.length).toBeLessThan(9_000);
    expect(safe).toMatch(/ … \(100000 characters\)$/);
    expect(isWellFormed(safe)).toBe(true);
  });
});

describe("A safe name", () => {
  test("is one word without the separators ~ and #", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const name = safeName(text);
        if (name === undefined) return;
        expect(name).not.toMatch(OBEYED);
        expect(name).not.toMatch(/[\s~#/]/u);
        expect([...name].length).toBeLessThanOrEqual(16);
      }),
    );
  });

  test.each([
    ["bob", "bob"],
    [" Bob  the\tBuilder ", "Bob_the_Builder"],
    ["ada~3fa9", "ada_3fa9"],
    ["a name that is far too long", "a_name_that_is_f"],
    ["名前", "名前"],
  ])("of %j is %j", (text, name) => {
    expect(safeName(text)).toBe(name);
  });

  test.each(["", "  ", "\u202e", "~#", "…"])("is undefined for %j", (text) => {
    expect(safeName(text)).toBeUndefined();
  });
});

describe("Safe JSON", () => {
  test("parses to the same value, and contains no terminal control characters", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const json = safeJson({ text });
        expect(json).not.toMatch(OBEYED);
        expect(JSON.parse(json)).toEqual({ text });
      }),
    );
  });
});
