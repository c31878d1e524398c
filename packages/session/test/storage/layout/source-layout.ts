import { fileURLToPath } from "node:url";
import ts from "typescript";
import type { SliceName } from "../../../src/model/state.js";
import { add, isFork, storageOf, type Layout } from "./layout.js";

/** What the types of the source say about stored values. */
export interface SourceLayout {
  readonly layout: Layout;
  /** Values of each kind of record that between them have every field and every variant of its type. */
  readonly samples: ReadonlyMap<string, readonly unknown[]>;
}

const COMPILER_OPTIONS: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.NodeNext,
  types: [],
};

/** Reads the types of stored values from the source of the session. */
export function readSourceLayout(): SourceLayout {
  const file = fileURLToPath(new URL("stored-records.ts", import.meta.url));
  const program = ts.createProgram([file], COMPILER_OPTIONS);
  return createReader(program, file).read();
}

type Leaf = readonly [type: string, sample: unknown];

function createReader(program: ts.Program, file: string): { read(): SourceLayout } {
  const checker = program.getTypeChecker();
  const plugins = fieldsOf(named("PluginValues"));
  const layout: Layout = new Map();

  function named(name: string): ts.Type {
    const symbol = checker
      .getSymbolAtLocation(program.getSourceFile(file)!)
      ?.exports?.get(name as ts.__String);
    if (symbol === undefined) throw new Error(`stored-records.ts has no ${name}.`);
    return checker.getDeclaredTypeOfSymbol(symbol);
  }

  function fieldsOf(type: ts.Type): ReadonlyMap<string, ts.Type> {
    return new Map(
      checker.getPropertiesOfType(type).map((field) => [field.name, checker.getTypeOfSymbol(field)] as const),
    );
  }

  function leafOf(type: ts.Type): Leaf | undefined {
    if (type.isStringLiteral()) return ["text", type.value];
    if (type.flags & ts.TypeFlags.StringLike) return ["text", "text"];
    if (type.isIntersection() && type.types.some(({ flags }) => flags & ts.TypeFlags.StringLike))
      return ["text", "text"];
    if (type.isNumberLiteral()) return ["number", type.value];
    if (type.flags & ts.TypeFlags.NumberLike) return ["number", 1];
    if (type.flags & ts.TypeFlags.BigIntLike) return ["bigint", 1n];
    if (type.flags & ts.TypeFlags.BooleanLike) return ["flag", true];
    const name = type.getSymbol()?.name;
    // Groups are stored as bytes of the MLS service.
    if (name === "Uint8Array" || name === "MlsGroup") return ["bytes", Uint8Array.of(1)];
    return undefined;
  }

  /** Adds the paths of a type to the layout; returns samples of its values. */
  function walk(type: ts.Type, path: string): readonly unknown[] {
    if (type.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null)) return [];
    const leaf = leafOf(type);
    if (leaf !== undefined) {
      add(layout, path, leaf[0]);
      return [leaf[1]];
    }
    if (type.flags & ts.TypeFlags.Unknown) return walk(pluginValue(path), path);
    if (type.isUnion()) return type.types.flatMap((part) => walk(part, path));
    const parts = checker.getTypeArguments(type as ts.TypeReference);
    switch (type.getSymbol()?.name) {
      case "Map":
      case "ReadonlyMap": {
        add(layout, path, "map");
        const keys = walk(parts[0]!, `${path} key`);
        const values = walk(parts[1]!, `${path} value`);
        return [new Map(values.map((value, i) => [keys[i] ?? `${i}`, value]))];
      }
      case "Set":
      case "ReadonlySet":
        add(layout, path, "list");
        return [new Set(walk(parts[0]!, `${path}[]`))];
      case "Array":
      case "ReadonlyArray":
        add(layout, path, "list");
        return [walk(parts[0]!, `${path}[]`)];
      default:
        return walkObject(type, path);
    }
  }

  function pluginValue(path: string): ts.Type {
    const found = plugins.get(path);
    if (found === undefined) throw new Error(`The type of ${path} is unknown.`);
    return found;
  }

  function walkObject(type: ts.Type, path: string): readonly unknown[] {
    const fields = fieldsOf(type);
    if (fields.size === 0) throw new Error(`${path} is no plain data: ${checker.typeToString(type)}.`);
    return kindsIn(fields.get("kind")).flatMap((kind) =>
      kind === undefined ? walkFields(fields, path) : walkFields(fields, `${path}(${kind})`, kind),
    );
  }

  function walkFields(fields: ReadonlyMap<string, ts.Type>, path: string, kind?: string): readonly unknown[] {
    const samples = new Map<string, readonly unknown[]>();
    for (const [name, field] of fields) {
      // A fork's former state has the slices of a state.
      if (isFork(path) && name === "state") walkForkState(field, `${path}.state`);
      else if (name === "kind" && kind !== undefined) samples.set(name, walkKind(kind, path));
      else samples.set(name, walk(field, `${path}.${name}`));
    }
    const count = Math.max(...Array.from(samples.values(), ({ length }) => length));
    return Array.from({ length: count }, (_, i) => sampleOf(samples, i));
  }

  function walkKind(kind: string, path: string): readonly unknown[] {
    add(layout, `${path}.kind`, "text");
    return [kind];
  }

  function walkForkState(state: ts.Type, path: string): void {
    for (const [name, type] of fieldsOf(state)) if (!slices.has(name)) walk(type, `${path}.${name}`);
  }

  /** The texts of a field `kind`, each of which stands for a variant; otherwise one variant without a name. */
  function kindsIn(kind: ts.Type | undefined): readonly (string | undefined)[] {
    const texts = (kind?.isUnion() ? kind.types : [kind]).map((type) =>
      type?.isStringLiteral() ? type.value : undefined,
    );
    return texts.every((text) => text !== undefined) ? texts : [undefined];
  }

  const slices = fieldsOf(named("StoredSlices"));

  /** Adds the paths of a slice's field; returns its kind of record and samples of it. */
  function walkField(slice: string, field: string, type: ts.Type): readonly [string, readonly unknown[]] {
    const kind = `conversation ${slice}.${field}`;
    const [first, second] = checker.getTypeArguments(type as ts.TypeReference);
    switch (storageOf(slice as SliceName, field)) {
      case "whole": {
        const whole = `conversation field/${slice}.${field}`;
        return [whole, walk(type, `${whole}.value`).map((value) => ({ value }))];
      }
      case "list":
        return [kind, walk(first!, kind)];
      case "map": {
        const keys = walk(first!, `${kind} key`);
        return [kind, walk(second!, `${kind} value`).map((value, i) => [keys[i] ?? keys[0], value])];
      }
    }
  }

  return {
    read() {
      const samples = new Map<string, readonly unknown[]>();
      for (const [kind, type] of fieldsOf(named("StoredRecords"))) samples.set(kind, walk(type, kind));
      for (const [slice, fields] of slices)
        for (const [field, type] of fieldsOf(fields)) samples.set(...walkField(slice, field, type));
      return { layout, samples };
    },
  };
}

/** The `i`th sample of an object, from samples of its fields: the last one of those that have fewer. */
function sampleOf(samples: ReadonlyMap<string, readonly unknown[]>, i: number): unknown {
  const fields = [...samples].filter(([, values]) => values.length > 0);
  return Object.fromEntries(fields.map(([name, values]) => [name, values[i] ?? values.at(-1)]));
}
