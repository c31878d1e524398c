const BIG = "\0bigint:";

/**
 * JSON in which an integer that a double cannot hold exactly is a `bigint`. `JSON.parse` rounds long integers silently,
 * so they are marked and passed to it as strings.
 */
export function parseExactly(json: string): object {
  const marked = json.replace(/"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g, (token) =>
    token.startsWith('"') || Number.isSafeInteger(Number(token)) ? token : JSON.stringify(BIG + token),
  );
  return JSON.parse(marked, (_key, value: unknown) =>
    typeof value === "string" && value.startsWith(BIG) ? BigInt(value.slice(BIG.length)) : value,
  ) as object;
}
