import { join } from "node:path";

import ts from "typescript";

import { COMPILER_OPTIONS } from "../compiler-options.js";
import { packageSources, root } from "../workspace.js";

/** Location of a code, such as `packages/wire/src/core/settings.ts:30`. */
type Place = string;

/** The sources of all packages as one program, for lookups of types and calls. */
export interface Sources {
  readonly program: ts.Program;
  readonly checker: ts.TypeChecker;
  /** Every node of the sources, by the path of its file relative to the root. */
  readonly nodes: ReadonlyMap<string, readonly ts.Node[]>;
}

/** Reads the sources of all packages as one program. Built files are not needed. */
export function readSources(): Sources {
  const files = packageSources().flatMap(({ folder, files: texts }) =>
    [...texts.keys()].filter((path) => /^src\/.*\.ts$/.test(path)).map((path) => join(root, folder, path)),
  );
  const program = ts.createProgram(files, COMPILER_OPTIONS);
  const nodes = program
    .getSourceFiles()
    .filter(({ fileName, isDeclarationFile }) => !isDeclarationFile && fileName.startsWith(root))
    .map((file) => [file.fileName.slice(root.length + 1), nodesIn(file)] as const);
  return { program, checker: program.getTypeChecker(), nodes: new Map(nodes) };
}

/**
 * The codes of the `DemlsError`s that files create, each with its locations.
 *
 * If a code is a parameter, the calls of its function in these files give its values. A code taken from a caught error
 * is not counted again.
 *
 * @param isLookedAt takes paths relative to the root
 * @throws if a code cannot be determined
 */
export function codesMadeIn(
  sources: Sources,
  isLookedAt: (path: string) => boolean,
): ReadonlyMap<string, readonly Place[]> {
  const { checker } = sources;
  const nodes = [...sources.nodes].flatMap(([path, inFile]) => (isLookedAt(path) ? inFile : []));
  const calls = nodes.filter((node) => ts.isCallExpression(node));
  const found = new Map<string, Place[]>();
  for (const node of nodes) {
    if (!ts.isNewExpression(node) || node.expression.getText() !== "DemlsError") continue;
    for (const code of valuesOf(node.arguments?.[0], { checker, calls })) {
      found.set(code, [...(found.get(code) ?? []), placeOf(node)]);
    }
  }
  return found;
}

/** The members of an exported union of string literals. */
export function unionMembers({ program, checker }: Sources, path: string, name: string): readonly string[] {
  const source = program.getSourceFile(join(root, path));
  const module = source && checker.getSymbolAtLocation(source);
  const symbol = module && checker.getExportsOfModule(module).find((exported) => exported.name === name);
  if (symbol === undefined) throw new Error(`${path} does not export ${name}.`);
  const aliased = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return literalsOf(checker.getDeclaredTypeOfSymbol(aliased)) ?? [];
}

interface Context {
  readonly checker: ts.TypeChecker;
  readonly calls: readonly ts.CallExpression[];
}

/** The possible string values of an expression; none for an omitted one. */
function valuesOf(expression: ts.Expression | undefined, context: Context): readonly string[] {
  if (expression === undefined) return [];
  const { checker } = context;
  const literals = literalsOf(checker.getTypeAtLocation(expression));
  if (literals !== undefined) return literals;
  if (ts.isTemplateExpression(expression)) return textsOf(expression, context);
  const declaration = checker.getSymbolAtLocation(expression)?.valueDeclaration;
  // The code of a caught error.
  if (declaration !== undefined && ts.isBindingElement(declaration)) return [];
  if (declaration !== undefined && ts.isParameter(declaration)) {
    const index = declaration.parent.parameters.indexOf(declaration);
    return callsOf(declaration.parent, context).flatMap((call) => valuesOf(call.arguments[index], context));
  }
  throw new Error(`${placeOf(expression)}: the code ${expression.getText()} cannot be determined.`);
}

function textsOf({ head, templateSpans }: ts.TemplateExpression, context: Context): readonly string[] {
  return templateSpans.reduce<readonly string[]>(
    (texts, span) =>
      texts.flatMap((text) =>
        valuesOf(span.expression, context).map((value) => text + value + span.literal.text),
      ),
    [head.text],
  );
}

function literalsOf(type: ts.Type): readonly string[] | undefined {
  const types = type.isUnion() ? type.types : [type];
  const values = types.flatMap((one) => (one.isStringLiteral() ? [one.value] : []));
  return values.length === types.length ? values : undefined;
}

/** The calls of a function. An import from a package resolves to built files, so such calls are found by name. */
function callsOf(owner: ts.SignatureDeclaration, { checker, calls }: Context): readonly ts.CallExpression[] {
  const name = owner.name?.getText();
  return calls.filter(({ expression }) => {
    if (expression.getText() !== name) return false;
    const called = declarationOf(expression, checker);
    return called === owner || (called?.getSourceFile().isDeclarationFile === true && isExported(owner));
  });
}

/** The declaration of a name, followed through imports. */
function declarationOf(name: ts.Expression, checker: ts.TypeChecker): ts.Declaration | undefined {
  const symbol = checker.getSymbolAtLocation(name);
  const isAlias = symbol !== undefined && (symbol.flags & ts.SymbolFlags.Alias) !== 0;
  return (isAlias ? checker.getAliasedSymbol(symbol) : symbol)?.valueDeclaration;
}

function isExported(declaration: ts.Declaration): boolean {
  return (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Export) !== 0;
}

function nodesIn(node: ts.Node): readonly ts.Node[] {
  const found: ts.Node[] = [];
  const visit = (child: ts.Node): void => {
    found.push(child);
    ts.forEachChild(child, visit);
  };
  ts.forEachChild(node, visit);
  return found;
}

function placeOf(node: ts.Node): Place {
  const file = node.getSourceFile();
  const { line } = file.getLineAndCharacterOfPosition(node.getStart());
  return `${file.fileName.slice(root.length + 1)}:${line + 1}`;
}
