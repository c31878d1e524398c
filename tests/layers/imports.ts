import ts from "typescript";

/** One place where a file names another module. */
export interface ModuleImport {
  readonly specifier: string;
  /** Counted from 1. */
  readonly line: number;
  /** What it takes at run time, by the exporter's names; `"*"` for everything. Empty where only types. */
  readonly names: readonly string[];
  /** Whether nothing is left of it when compiled. */
  readonly typeOnly: boolean;
}

/** Every import, re-export, dynamic import and import type of a TypeScript or JavaScript file. */
export function importsOf(fileName: string, text: string): ModuleImport[] {
  const source = ts.createSourceFile(fileName, text, ts.ScriptTarget.Latest, true);
  const found: ModuleImport[] = [];
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node);
    if (specifier !== undefined) {
      const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      found.push({ specifier, line, names: runtimeNames(node), typeOnly: isTypeOnly(node) });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function specifierOf(node: ts.Node): string | undefined {
  const expression = specifierExpression(node);
  return expression !== undefined && ts.isStringLiteralLike(expression) ? expression.text : undefined;
}

function specifierExpression(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isImportTypeNode(node))
    return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined;
  if (ts.isExternalModuleReference(node)) return node.expression;
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
    return node.arguments[0];
  return undefined;
}

function isTypeOnly(node: ts.Node): boolean {
  if (ts.isImportDeclaration(node)) return node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  return ts.isImportTypeNode(node);
}

function runtimeNames(node: ts.Node): string[] {
  if (isTypeOnly(node)) return [];
  if (ts.isImportDeclaration(node)) return importedNames(node.importClause);
  if (
    ts.isExportDeclaration(node) &&
    node.exportClause !== undefined &&
    ts.isNamedExports(node.exportClause)
  ) {
    return specifierNames(node.exportClause.elements);
  }
  return ["*"];
}

function importedNames(clause: ts.ImportClause | undefined): string[] {
  if (clause === undefined) return [];
  const byDefault = clause.name === undefined ? [] : ["default"];
  const bindings = clause.namedBindings;
  if (bindings === undefined) return byDefault;
  return [...byDefault, ...(ts.isNamespaceImport(bindings) ? ["*"] : specifierNames(bindings.elements))];
}

function specifierNames(elements: readonly (ts.ImportSpecifier | ts.ExportSpecifier)[]): string[] {
  return elements
    .filter(({ isTypeOnly }) => !isTypeOnly)
    .map(({ name, propertyName }) => (propertyName ?? name).text);
}
