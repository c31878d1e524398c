import fc from "fast-check";

/** Replacement of a value or a name in JSON. */
export type JsonMutation = { readonly at: number } & (
  | { readonly op: "replace"; readonly text: string }
  | { readonly op: "remove" }
  | { readonly op: "rename"; readonly name: string }
  | { readonly op: "swap"; readonly from: number }
  | { readonly op: "nest"; readonly depth: number }
);

/** Names of inherited properties, such as `__proto__`. */
const NAMES = ["__proto__", "constructor", "toString", "hasOwnProperty", "length", "kind", "cmd", "id", ""];

/** JSON values of every type, with numbers at their limits. */
const VALUES = [
  ...["null", "true", "false", '""', "[]", "{}", "0", "-0", "-1", "1.5", "1e308", "-1e400", "4294967296"],
  ...["9007199254740993", "18446744073709551616", '"18446744073709551616"', '"\\ud800"', '"\\u0000"'],
  ...['{"__proto__":{"polluted":true}}', '{"constructor":{"prototype":{"polluted":true}}}'],
  ...['{"length":4294967295}', '{"hex":"zz"}', '{"bigint":"-"}', `"${"a".repeat(5_000)}"`],
  `[${"0,".repeat(5_000)}0]`,
];

const at = fc.nat(0xffff);

export const jsonMutation: fc.Arbitrary<JsonMutation> = fc.oneof(
  fc.record({ op: fc.constant("replace"), at, text: fc.oneof(fc.constantFrom(...VALUES), fc.json()) }),
  fc.record({ op: fc.constant("remove"), at }),
  fc.record({ op: fc.constant("rename"), at, name: fc.constantFrom(...NAMES) }),
  fc.record({ op: fc.constant("swap"), at, from: fc.nat(0xffff) }),
  fc.record({ op: fc.constant("nest"), at, depth: fc.constantFrom(1, 50, 20_000) }),
);

/** Range of a value or a name in a JSON text. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** Ranges in texts that tests mutate again and again. */
const genuineSpans = new Map<string, Spans>();

/** Applies mutations to one of a few genuine JSON texts; other text stays unchanged. Only `rename` changes names. */
export function mutateJson(genuine: string, [first, ...others]: readonly JsonMutation[]): string {
  if (first === undefined) return genuine;
  const spans = genuineSpans.get(genuine) ?? spansOf(genuine);
  genuineSpans.set(genuine, spans);
  return others.reduce(
    (text, mutation) => mutated(text, spansOf(text), mutation),
    mutated(genuine, spans, first),
  );
}

function mutated(text: string, { names, values }: Spans, mutation: JsonMutation): string {
  if (mutation.op === "rename") {
    return withSpan(text, names[mutation.at % names.length], JSON.stringify(mutation.name));
  }
  const span = values[mutation.at % values.length];
  switch (mutation.op) {
    case "replace":
      return withSpan(text, span, mutation.text);
    case "remove":
      return withSpan(text, span, "null");
    case "swap": {
      const other = values[mutation.from % values.length];
      return withSpan(text, span, other === undefined ? "" : text.slice(other.start, other.end));
    }
    case "nest":
      return withSpan(text, span, "[".repeat(mutation.depth) + "]".repeat(mutation.depth));
  }
}

function withSpan(text: string, span: Span | undefined, inside: string): string {
  return span === undefined ? text : text.slice(0, span.start) + inside + text.slice(span.end);
}

/** Ranges of names and values, including whole objects and lists. */
interface Spans {
  readonly names: readonly Span[];
  readonly values: readonly Span[];
}

function spansOf(text: string): Spans {
  const names: Span[] = [];
  const values: Span[] = [];
  const open: number[] = [];
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"?|[-\w.+]+|[[{}\]]/g)) {
    const end = index + token.length;
    if (token === "[" || token === "{") open.push(index);
    else if (token === "]" || token === "}") values.push({ start: open.pop() ?? index, end });
    else if (token.startsWith('"') && /^\s*:/.test(text.slice(end, end + 2)))
      names.push({ start: index, end });
    else values.push({ start: index, end });
  }
  return { names, values };
}
