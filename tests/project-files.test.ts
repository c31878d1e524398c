import { basename } from "node:path";

import { describe, expect, it } from "vitest";

import { projectFiles, readText } from "./workspace.js";

const files = projectFiles();

/** Patterns that files must not contain. This file is exempt, since it defines them. */
const texts = files
  .filter((path) => basename(path) !== "project-files.test.ts")
  .map((path) => [path, readText(path)] as const);

function mentioning(pattern: RegExp): string[] {
  return texts.flatMap(([path, text]) => {
    const found = pattern.exec(text);
    return found === null ? [] : [`${path}: ${found[0]}`];
  });
}

describe("the project's files", () => {
  it("hold no absolute path of a machine", () => {
    expect(mentioning(/(?<![\w.~*)}-])\/(work|home|root|Users|tmp)\/[\w.-]+/)).toEqual([]);
  });

  it("hold no registry or proxy address", () => {
    expect(
      mentioning(
        /https?:\/\/[\w.-]*(registry|artifactory|nexus|verdaccio|proxy|localhost|127\.0\.0)[\w.:-]*/,
      ),
    ).toEqual([]);
    expect(readText("pnpm-lock.yaml")).not.toMatch(/https?:|tarball:/);
  });

  it("are named in kebab case", () => {
    const sources = files.filter(
      (path) => /^packages\/\w[\w-]*\/(src|test)\/.*\.ts$/.test(path) && !path.includes("/generated/"),
    );
    expect(sources.length).toBeGreaterThan(50);
    expect(
      sources.filter((path) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.slow)?(\.test)?\.ts$/.test(basename(path))),
    ).toEqual([]);
  });

  it("have specific names, not utils or helpers", () => {
    expect(
      files.filter((path) => /^packages\/.*\/(utils?|helpers?|types|misc|common)\.ts$/.test(path)),
    ).toEqual([]);
  });
});
