import { describe, expect, it } from "vitest";

import { changesetFaults } from "../scripts/release/changeset-faults.mjs";

const PACKAGES = ["demls", "@demls/wire"];
const FIRST = '---\n"demls": minor\n"@demls/wire": minor\n---\n\nThe first release.\n';

function faults(files: Readonly<Record<string, string>>): string[] {
  return changesetFaults(new Map(Object.entries(files)), PACKAGES);
}

describe("The changesets before the first release", () => {
  it("may be one that names each package", () => {
    expect(faults({ "first-release.md": FIRST })).toEqual([]);
  });

  it.each<[string, Readonly<Record<string, string>>, string]>([
    ["a second one", { "first-release.md": FIRST, "late.md": FIRST }, "late.md: until the first release"],
    ["none", {}, "first-release.md lacks demls."],
    [
      "one without a package",
      { "first-release.md": FIRST.replace('"@demls/wire": minor\n', "") },
      "first-release.md lacks @demls/wire.",
    ],
    [
      "one that names a package in its text alone",
      { "first-release.md": `${FIRST.replace('"demls": minor\n', "")}"demls": minor\n` },
      "first-release.md lacks demls.",
    ],
    ["an unknown package", { "first-release.md": FIRST.replace("wire", "wires") }, "names @demls/wires"],
    ["a package twice", { "first-release.md": FIRST.replace("@demls/wire", "demls") }, "names demls"],
  ])("may not be %s", (_what, files, fault) => {
    expect(faults(files).join("\n")).toContain(fault);
  });
});
