import { writeFileSync } from "node:fs";
import { join } from "node:path";

import ts from "typescript";

/**
 * The declarations of libp2p's events. They use a type of Node.js, and their package does not depend on Node's types.
 */
const NEEDS_NODE_TYPES = "/node_modules/main-event/";

/**
 * Type errors of a module in `folder` that imports all of `specifiers`, with `lib: ["ES2023", "DOM"]`. Without
 * `skipLibCheck`, so the declarations of all dependencies are checked too.
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
    // ES2023 suffices: the packages declare newer features that they need, such as Symbol.asyncDispose.
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
