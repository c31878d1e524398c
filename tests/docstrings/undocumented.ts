import { dirname, join, relative } from "node:path";

import ts from "typescript";

import { root } from "../workspace.js";

const OPTIONS: ts.CompilerOptions = {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  target: ts.ScriptTarget.ES2023,
  strict: true,
  noEmit: true,
  types: [],
};

/**
 * What modules export without a docstring: names, and the methods of exported interfaces and classes. What is
 * declared in another package is that package's to document. A property is not asked for: most are said by
 * their names and types, such as a discriminating `kind`.
 *
 * @param paths of the modules, relative to the root.
 * @param planted modules that exist only here, by path.
 * @returns `path: name` or `path: name.method` of each.
 */
export function undocumentedExports(
  paths: readonly string[],
  planted: Readonly<Record<string, string>> = {},
): string[] {
  const program = ts.createProgram(
    paths.map((path) => join(root, path)),
    OPTIONS,
    hostWith(planted),
  );
  const checker = program.getTypeChecker();
  const found = paths.flatMap((path) => {
    const source = program.getSourceFile(join(root, path));
    const module = source && checker.getSymbolAtLocation(source);
    if (module === undefined) throw new Error(`${path} is no module.`);
    return checker
      .getExportsOfModule(module)
      .flatMap((symbol) => undocumented(checker, symbol, join(root, dirname(path))));
  });
  return [...new Set(found)];
}

function hostWith(planted: Readonly<Record<string, string>>): ts.CompilerHost {
  const host = ts.createCompilerHost(OPTIONS, true);
  const texts = new Map(Object.entries(planted).map(([path, text]) => [join(root, path), text]));
  return {
    ...host,
    fileExists: (path) => texts.has(path) || host.fileExists(path),
    readFile: (path) => texts.get(path) ?? host.readFile(path),
    getSourceFile: (path, target, ...rest) => {
      const text = texts.get(path);
      return text === undefined
        ? host.getSourceFile(path, target, ...rest)
        : ts.createSourceFile(path, text, target, true);
    },
  };
}

function undocumented(checker: ts.TypeChecker, exported: ts.Symbol, folder: string): string[] {
  const isAlias = (exported.flags & ts.SymbolFlags.Alias) !== 0;
  const symbol = isAlias ? checker.getAliasedSymbol(exported) : exported;
  const place = placeOf(symbol, folder);
  if (place === undefined) return [];
  const methods = [...(symbol.members?.values() ?? [])].filter(isPublicMethod);
  return [
    ...(isDocumented(checker, symbol) ? [] : [`${place}: ${exported.name}`]),
    ...methods
      .filter((method) => !isDocumented(checker, method))
      .map((method) => `${place}: ${exported.name}.${method.name}`),
  ];
}

/** The file that declares it, relative to the root; `undefined` for another package's. */
function placeOf(symbol: ts.Symbol, folder: string): string | undefined {
  const path = symbol.declarations?.[0]?.getSourceFile().fileName;
  return path?.startsWith(folder) ? relative(root, path) : undefined;
}

function isDocumented(checker: ts.TypeChecker, symbol: ts.Symbol): boolean {
  return symbol.getDocumentationComment(checker).length > 0;
}

/** Symbols such as `[Symbol.asyncDispose]`, which the language defines, begin with two underscores here. */
function isPublicMethod(symbol: ts.Symbol): boolean {
  if ((symbol.flags & ts.SymbolFlags.Method) === 0 || symbol.name.startsWith("__")) return false;
  return !symbol.declarations?.some(
    (declaration) =>
      (ts.isMethodDeclaration(declaration) && ts.isPrivateIdentifier(declaration.name)) ||
      (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Private) !== 0,
  );
}
