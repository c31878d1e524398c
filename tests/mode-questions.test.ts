import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";

import { describe, expect, it } from "vitest";

import { root } from "./workspace.js";

const SOURCE = join(root, "packages/session/src");

/** Most calls that ask for the policy of a mode: more, and a difference belongs behind an interface or into one function. */
const MOST = 59;

/** Differences that one file asks for, for all others. */
const ASKED_ONCE: Readonly<Record<string, string>> = {
  closesByChoice: "closing/rules-of.ts",
  repairsGaps: "model/abilities.ts",
  recordsEpochs: "model/abilities.ts",
  allowsRejoin: "model/abilities.ts",
  asksForAdmission: "model/abilities.ts",
  remembersBans: "voting/bans.ts",
  consensusDeadlineMs: "voting/vote-time.ts",
};

const DEFINITIONS = new Set(["model/compatibility.ts", "model/transaction.ts"]);

const sources = readdirSync(SOURCE, { recursive: true, encoding: "utf8" })
  .map((file) => file.split(sep).join("/"))
  .filter((file) => file.endsWith(".ts") && !DEFINITIONS.has(file))
  .map((file) => ({ file, text: readFileSync(join(SOURCE, file), "utf8") }));

const CALL = /\b(?:policyOf|compatibilityPolicy)\(/g;

describe("The mode of a conversation", () => {
  it("is asked for in few places", () => {
    const calls = sources.reduce((sum, { text }) => sum + [...text.matchAll(CALL)].length, 0);
    expect(calls).toBeGreaterThan(20);
    expect(calls).toBeLessThanOrEqual(MOST);
  });

  it.each(Object.entries(ASKED_ONCE))("is asked for %s in one file", (member, place) => {
    const asks = new RegExp(
      `(?:policyOf|compatibilityPolicy)\\([^)]*\\)+\\.${member}\\b|\\{[^{}]*\\b${member}\\b[^{}]*\\} = (?:policyOf|compatibilityPolicy)\\(|\\b[pP]olicy\\.${member}\\b`,
    );
    expect(sources.filter(({ text }) => asks.test(text)).map(({ file }) => file)).toEqual([place]);
  });
});
