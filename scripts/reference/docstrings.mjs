import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createContext, runInContext } from "node:vm";

import ts from "typescript";

import { root } from "../workspace/workspace.mjs";

/**
 * A property of an interface or a constant, or a member of a union, with its docstring.
 *
 * @typedef {object} Documented
 * @property {string} name
 * @property {string} doc one line, without tags; empty without a docstring
 * @property {string} type the text of a property's type; empty for a union member
 * @property {string | undefined} tagged the text of its `@default` tag
 * @property {readonly Documented[]} fields the fields of a union member that is an object, without its `kind`
 */

/** The constants evaluated so far, to which later ones may refer. */
const constants = createContext({});

/**
 * The value of a constant.
 *
 * @param {string} path of the source, relative to the root
 * @param {string} name
 * @returns {Readonly<Record<string, unknown>>}
 */
export function valueOf(path, name) {
  const { expression } = declared(path, name);
  constants[name] = runInContext(`(${expression?.getText()})`, constants);
  return constants[name];
}

/**
 * The docstring of a constant or a type.
 *
 * @param {string} path of the source, relative to the root
 * @param {string} name
 */
export function docOf(path, name) {
  const { statement } = declared(path, name);
  return plain(statement.getFullText().slice(0, statement.getLeadingTriviaWidth())).doc;
}

/**
 * The parts of an interface, of a union of literals or objects, or of a constant. Types by name in a union are left
 * out.
 *
 * @param {string} path of the source, relative to the root
 * @param {string} name
 * @throws if a docstring is missing
 */
export function entriesOf(path, name) {
  const { statement, expression } = declared(path, name);
  const entries = documented(partsOf(expression ?? statement));
  const missing = entries.find(({ doc }) => doc === "");
  if (missing !== undefined) throw new Error(`${path}: ${missing.name} of ${name} has no docstring.`);
  return entries;
}

/**
 * @param {string} path
 * @param {string} name
 * @returns {{ statement: ts.Statement, expression?: ts.Expression }} the expression of a constant
 */
function declared(path, name) {
  const text = readFileSync(join(root, path), "utf8");
  const { statements } = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  for (const statement of statements) {
    if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) {
      if (statement.name.text === name) return { statement };
    } else if (ts.isVariableStatement(statement)) {
      const { name: declaredName, initializer } = statement.declarationList.declarations[0] ?? {};
      if (declaredName?.getText() !== name || initializer === undefined) continue;
      return { statement, expression: ts.isAsExpression(initializer) ? initializer.expression : initializer };
    }
  }
  throw new Error(`${path} does not declare ${name}.`);
}

/**
 * @param {ts.Node} node
 * @returns {ts.NodeArray<ts.Node>}
 */
function partsOf(node) {
  if (ts.isInterfaceDeclaration(node) || ts.isTypeLiteralNode(node)) return node.members;
  if (ts.isObjectLiteralExpression(node)) return node.properties;
  if (ts.isTypeAliasDeclaration(node) && ts.isUnionTypeNode(node.type)) return node.type.types;
  throw new Error(`${node.getText()} has no parts.`);
}

/**
 * @param {ts.NodeArray<ts.Node>} nodes
 * @returns {readonly Documented[]}
 */
function documented(nodes) {
  return nodes.flatMap((node, index) => {
    if (ts.isTypeReferenceNode(node)) return [];
    // A union member's docstring precedes the bar, so it is not in the member's own text.
    const start = nodes[index - 1]?.end ?? nodes.pos;
    const { doc, tagged } = plain(node.getSourceFile().text.slice(start, node.getStart()));
    const fields = ts.isTypeLiteralNode(node) ? documented(partsOf(node)) : [];
    const kind = fields.find(({ name }) => name === "kind");
    return [
      {
        name: kind === undefined ? nameOf(node) : JSON.parse(kind.type),
        doc,
        type: "type" in node ? (/** @type {ts.PropertySignature} */ (node).type?.getText() ?? "") : "",
        tagged,
        fields: fields.filter((field) => field !== kind),
      },
    ];
  });
}

/** @param {ts.Node} node */
function nameOf(node) {
  if (ts.isLiteralTypeNode(node)) return JSON.parse(node.literal.getText());
  return "name" in node ? /** @type {ts.NamedDeclaration} */ (node).name?.getText() : node.getText();
}

/**
 * The last docstring of a text, as prose in one line.
 *
 * @param {string} source
 */
function plain(source) {
  const [comment = ""] = [...source.matchAll(/\/\*\*.*?\*\//gs)].at(-1) ?? [];
  const text = comment
    .replace(/^\/\*\*|\*\/$/g, "")
    .replace(/^ *\*/gm, "")
    .replace(/\s+/g, " ");
  const [doc = ""] = text.split(/@(?:default|example)\b/);
  const tagged = /@default (.*)/.exec(text)?.[1]?.trim();
  return { doc: doc.replace(/\{@link ([^}]+)\}/g, "`$1`").trim(), tagged };
}
