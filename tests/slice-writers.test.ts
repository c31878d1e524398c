import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";

import * as ts from "typescript";
import { describe, expect, it } from "vitest";

import { root } from "./workspace.js";

const SOURCE = join(root, "packages/session/src");

/** Folders that write each slice of a conversation's state. A slice with one writer keeps it; others are to get one. */
const WRITERS: Readonly<Record<string, readonly string[]>> = {
  admission: ["admission"],
  bans: ["voting"],
  branches: ["branches"],
  changes: ["changes"],
  chat: ["messages"],
  commit: ["closing"],
  epoch: ["epoch"],
  evidence: ["lost-packets"],
  identities: ["identity"],
  inbound: ["messages"],
  invitations: ["voting"],
  joining: ["join"],
  keys: ["keys"],
  leave: ["voting"],
  outbox: ["messages"],
  presence: ["presence"],
  record: ["stewards"],
  refusals: ["voting"],
  rejoin: ["join"],
  // Each field has one writer: see below.
  repair: ["lost-packets", "presence", "standing"],
  scores: ["stewards"],
  stewards: ["stewards"],
  sync: ["join"],
  votes: ["voting"],
};

/** One call of `update`. */
interface Write {
  readonly folder: string;
  readonly slice: string;
  readonly fields: readonly string[];
}

function writesIn(file: string): readonly Write[] {
  const source = ts.createSourceFile(file, readFileSync(join(SOURCE, file), "utf8"), ts.ScriptTarget.Latest);
  const [folder = ""] = file.split(sep);
  const writes: Write[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === "update") {
      const [, slice, changes] = node.arguments;
      if (slice !== undefined && ts.isStringLiteral(slice))
        writes.push({ folder, slice: slice.text, fields: changes === undefined ? [] : fieldsOf(changes) });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return writes;
}

/** Fields of an object literal, and of those that are spread in it. */
function fieldsOf(node: ts.Node): readonly string[] {
  if (!ts.isObjectLiteralExpression(node)) return [];
  return node.properties.flatMap((property) => {
    if (ts.isSpreadAssignment(property)) return fieldsOf(property.expression);
    return property.name !== undefined && ts.isIdentifier(property.name) ? [property.name.text] : [];
  });
}

const writes = readdirSync(SOURCE, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .flatMap(writesIn);

function foldersBy(keyOf: (write: Write) => readonly string[]): Readonly<Record<string, readonly string[]>> {
  const folders: Record<string, Set<string>> = {};
  for (const write of writes) for (const key of keyOf(write)) (folders[key] ??= new Set()).add(write.folder);
  return Object.fromEntries(Object.entries(folders).map(([key, found]) => [key, [...found].sort()]));
}

describe("A slice of a conversation's state", () => {
  it("is written by its folders only", () => {
    expect(foldersBy(({ slice }) => [slice])).toEqual(WRITERS);
  });

  it("that three folders write has one of them for each field", () => {
    const byField = foldersBy(({ slice, fields }) => (slice === "repair" ? fields : []));
    const shared = Object.entries(byField).filter(([, folders]) => folders.length > 1);
    expect(Object.keys(byField).length).toBeGreaterThan(15);
    expect(shared).toEqual([]);
  });
});
