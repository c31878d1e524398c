import { existsSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { projectFiles, readText, root } from "./workspace.js";

const FOLDER = "docs/guides/";
const guides = projectFiles(FOLDER)
  .map((path) => path.slice(FOLDER.length))
  .filter((name) => name !== "README.md")
  .sort();

/** Words of a guide outside of its code. */
function proseOf(text: string): number {
  return text
    .replace(/^```[\s\S]*?^```/gm, "")
    .split(/\s+/)
    .filter(Boolean).length;
}

/** The sources of an example, as one text. */
function sourcesOf(example: string): string {
  return projectFiles(`examples/${example}/src`).map(readText).join("\n");
}

describe("the guides", () => {
  it("are numbered without a gap, and are in their index in that order", () => {
    expect(guides.length).toBeGreaterThan(10);
    expect(guides.map((name) => Number(name.slice(0, 2)))).toEqual(guides.map((_, i) => i + 1));
    const index = readText(`${FOLDER}README.md`);
    expect([...index.matchAll(/\]\(([\w-]+\.md)\)/g)].map(([, name]) => name)).toEqual(guides);
  });

  it("are linked by the README and by the list of documents", () => {
    expect(readText("README.md")).toContain("(docs/guides/README.md)");
    expect(readText("docs/README.md")).toContain("(guides/README.md)");
  });

  it.each(guides)("%s is short, and about a program that is there", (name) => {
    const text = readText(FOLDER + name);
    expect(proseOf(text)).toBeLessThanOrEqual(350);
    const [, example] = /^npm run example -- ([\w-]+)$/m.exec(text) ?? [];
    if (example === undefined) expect(text).toContain("npm run test:browser\n");
    else expect(existsSync(join(root, "examples", example, "src/main.ts"))).toBe(true);
  });

  it.each(guides)("%s shows code of its program as it stands there", (name) => {
    const text = readText(FOLDER + name);
    const [, example = ""] = /^npm run example -- ([\w-]+)$/m.exec(text) ?? [];
    for (const [, code = ""] of text.matchAll(/^```ts\n(.*?)\n^```$/gms))
      expect(sourcesOf(example)).toContain(code);
  });
});
