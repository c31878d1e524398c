import { describe, expect, it } from "vitest";

import { readText } from "./workspace.js";

/** The pages that define words in italics, or in bold after "is". */
const PAGES = ["protocol", "lost-packets", "closing", "partitions", "coming-back", "away", "letting-in"];

/** Formulas, which are in italics too. */
const FORMULA = /^\w$|[−+]/;

const terms = [...readText("docs/glossary.md").matchAll(/^- \*\*([^*]+)\*\*/gm)].map(([, term = ""]) =>
  term.toLowerCase(),
);

/** The words that a page defines. */
function wordsDefinedIn(text: string): readonly string[] {
  const prose = text.replace(/^```[\s\S]*?^```/gm, "").replace(/\s+/g, " ");
  const found = prose.matchAll(/(?<![\w`])_([^_`]+)_(?![\w`])| is \*\*([a-z ]+)\*\*/g);
  return [...found].map(([, italic, bold]) => italic ?? bold ?? "").filter((word) => !FORMULA.test(word));
}

/** Whether the glossary has a word, in this or another form: "deputies" is "deputy". */
function isTerm(word: string): boolean {
  const singular = word.replace(/ies$/, "y").replace(/e?s$/, "");
  return terms.some((term) => word.startsWith(term) || term.startsWith(singular));
}

describe("the glossary", () => {
  it("has every word that a page of the protocol defines", () => {
    const words = PAGES.flatMap((page) => wordsDefinedIn(readText(`docs/${page}.md`)));
    expect(words.length).toBeGreaterThan(25);
    expect(words.filter((word) => !isTerm(word))).toEqual([]);
  });

  it("is found out if it lacks one", () => {
    expect(
      wordsDefinedIn("so it is _quorate_, and A is **sealed off**").filter((word) => !isTerm(word)),
    ).toEqual(["quorate", "sealed off"]);
  });

  it("is in alphabetical order, with each word once", () => {
    expect(terms).toEqual([...new Set(terms)].sort((a, b) => a.localeCompare(b, "en")));
  });
});
