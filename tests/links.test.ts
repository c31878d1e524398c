import { describe, expect, it } from "vitest";

import { brokenLinks } from "./markdown/links.js";
import { projectFiles, readText, root } from "./workspace.js";

const files = new Map(
  projectFiles()
    .filter((path) => path.endsWith(".md"))
    .map((path) => [path, readText(path)]),
);

describe("the Markdown files", () => {
  it("link to files and headings that are there", () => {
    expect(files.size).toBeGreaterThan(20);
    expect(brokenLinks(root, files)).toEqual([]);
  });
});

describe("a broken link", () => {
  const broken = (text: string): readonly string[] =>
    brokenLinks(
      root,
      new Map([
        ["docs/page.md", text],
        ["docs/other.md", "# The `other` page, of two\n\n## Twice\n\n## Twice\n"],
        ["docs/README.md", "# Documents\n"],
      ]),
    );

  it.each([
    ["to a file that is not there", "[x](missing.md)"],
    ["to a heading that is not there", "[x](other.md#third)"],
    ["to a heading of the same page that is not there", "# Here\n\n[x](#there)"],
    ["out of the repository", "[x](../../elsewhere.md)"],
    ["of a picture", "![x](missing.svg)"],
    ["by reference", "[x][y]\n\n[y]: missing.md"],
  ])("is found: %s", (_kind, text) => {
    expect(broken(text)).toHaveLength(1);
  });

  it.each([
    ["a file", "[x](other.md)"],
    ["a folder", "[x](../packages/wire) and [y](../docs/)"],
    ["a heading", "[x](other.md#the-other-page-of-two) and [y](other.md#twice-1)"],
    ["a heading of a folder's README", "[x](../docs#documents)"],
    ["the web", "[x](https://example.org/#nowhere) and [y](mailto:nobody@example.org)"],
    ["code", "`[x](missing.md)`\n\n```md\n[x](missing.md)\n```\n"],
  ])("is not one to %s", (_kind, text) => {
    expect(broken(text)).toEqual([]);
  });
});
