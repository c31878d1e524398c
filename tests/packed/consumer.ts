import { writeFileSync } from "node:fs";
import { join } from "node:path";

import ts from "typescript";

/** What libp2p's events are declared by: it names a type of Node.js, and its package brings none of Node's types. */
const NEEDS_NODE_TYPES = "/node_modules/main-event/";

/**
 * Type errors of a module in `folder` that uses everything which `specifiers` name, by `lib: ["ES2023", "DOM"]` and
 * without `skipLibCheck`: the declarations of all dependencies are checked along.
 *
 * @param resolution as in a tsconfig.json
 */
export function typeErrorsOfConsumer(
  folder: string,
  specifiers: readonly string[],
  resolution: "node16" | "bundler",
): readonly string[] {
  const file = join(folder, `consumer-of-${resolution}.ts`);
  const imports = specifiers.map((specifier, index) => `import * as all${index} from "${specifier}";`);
  const uses = specifiers.map((_, index) => `all${index}`);
  writeFileSync(
    file,
    `${imports.join("\n")}\nexport const used: readonly object[] = [${uses.join(", ")}];\n`,
  );
  const program = ts.createProgram([file], {
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    target: ts.ScriptTarget.ES2022,
    // Nothing of a later year: what the packages need of that, such as Symbol.asyncDispose, they bring along.
    lib: ["lib.es2023.d.ts", "lib.dom.d.ts"],
    types: [],
    ...(resolution === "node16"
      ? { module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16 }
      : { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler }),
  });
  return ts
    .getPreEmitDiagnostics(program)
    .filter(({ file: at }) => !at?.fileName.includes(NEEDS_NODE_TYPES))
    .map(({ file: at, messageText }) => {
      return `${at?.fileName ?? "?"}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
    });
}
