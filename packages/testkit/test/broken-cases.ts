import type { ContractCase } from "../src/index.js";

/** Names of the cases that an implementation violates. */
export async function brokenCases(cases: readonly ContractCase[]): Promise<readonly string[]> {
  const names: string[] = [];
  for (const { name, run } of cases) await run().catch(() => names.push(name));
  return names;
}
