import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";

import { COMPILER_OPTIONS } from "./compiler-options.js";
import { projectFiles, readText, root } from "./workspace.js";

interface Example {
  /** README of the example. */
  readonly name: string;
  /** Package that compiles and runs the example, so that imports resolve as for its users. */
  readonly folder: string;
  /** All code blocks of the README in order; a later one may use an earlier one. */
  readonly code: string;
}

const READMES = projectFiles().filter((path) => /^(packages\/[^/]+\/)?README\.md$/.test(path));
const EXAMPLES = [...READMES, "docs/plug-ins.md"].map(exampleIn).filter(({ code }) => code !== "");

/** Required output of the first example. */
const PRINTED: ReadonlyMap<string, RegExp> = new Map([
  ["README.md", /^[0-9a-f]{40}: hello$/m],
  ["packages/demls/README.md", /^[0-9a-f]{40} says /m],
]);

function exampleIn(name: string): Example {
  const blocks = [...readText(name).matchAll(/^```ts\n(.*?)^```$/gms)];
  const folder = name.startsWith("packages/") ? dirname(name) : "packages/demls";
  return { name, folder, code: withoutRepeatedImports(blocks.map(([, code]) => code).join("")) };
}

/** A block may repeat the imports of an earlier one, so that it can be copied alone. */
function withoutRepeatedImports(code: string): string {
  const known = new Set<string>();
  return code.replace(/^import \{([^}]*)\} from (".*?");$/gm, (_line, names: string, from: string) => {
    const fresh = names.split(",").flatMap((part) => {
      const name = part.trim();
      if (name === "" || known.has(name)) return [];
      known.add(name);
      return name;
    });
    return fresh.length === 0 ? "" : `import { ${fresh.join(", ")} } from ${from};`;
  });
}

/** Type errors of the examples, each by the name of its example. */
function typeErrors(examples: readonly Example[]): readonly string[] {
  const files = new Map(
    examples.map(({ folder, code }, index) => [join(root, folder, `example-${index}.ts`), code]),
  );
  const host = ts.createCompilerHost(COMPILER_OPTIONS);
  const { getSourceFile, fileExists, readFile } = host;
  host.getSourceFile = (name, ...rest) => {
    const code = files.get(name);
    // Makes an example without imports a module.
    return code === undefined
      ? getSourceFile(name, ...rest)
      : ts.createSourceFile(name, `${code}\nexport {};`, ts.ScriptTarget.ES2022, true);
  };
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.readFile = (name) => files.get(name) ?? readFile(name);
  const program = ts.createProgram([...files.keys()], COMPILER_OPTIONS, host);
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const index = [...files.keys()].indexOf(file?.fileName ?? "");
    const line = file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line + 1 : 0;
    return `${examples[index]?.name ?? "?"}, line ${line}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
  });
}

describe("the READMEs' examples", () => {
  test("exist in every README of a library", () => {
    const without = READMES.filter((readme) => EXAMPLES.every(({ name }) => name !== readme));
    expect(without).toEqual(["packages/cli/README.md"]);
  });

  test("compile", () => {
    expect(typeErrors(EXAMPLES)).toEqual([]);
  });

  test("fail to compile with an error in the code", () => {
    const code = `import { createUser } from "demls";\nawait createUser({ kee: new Uint8Array(32) });`;
    const planted = { name: "planted", folder: "packages/demls", code };
    expect(typeErrors([planted])).toEqual([expect.stringContaining("planted, line 2")]);
  });

  test.each(EXAMPLES)("of $name run", ({ name, folder, code }) => {
    const file = join(root, folder, "reports/readme-example.mjs");
    mkdirSync(dirname(file), { recursive: true });
    const { outputText } = ts.transpileModule(code, {
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
    });
    writeFileSync(file, outputText);
    const { status, stdout, stderr } = spawnSync(process.execPath, [file], {
      encoding: "utf8",
      timeout: 300_000,
    });
    rmSync(file);
    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(stdout).toMatch(PRINTED.get(name) ?? "");
  });
});
