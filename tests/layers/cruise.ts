import { cruise, type ICruiseResult } from "dependency-cruiser";

import config from "../../.dependency-cruiser.mjs";

/** Violated rules in a tree, and the number of checked files. */
export interface Cruise {
  /** Each as `rule: file → imported file`; for a circle the whole way round. */
  readonly violations: readonly string[];
  readonly files: number;
}

/** Applies the rules of `.dependency-cruiser.mjs` to folders under `baseDir`. */
export async function cruiseLayers(baseDir: string, folders: readonly string[]): Promise<Cruise> {
  const { forbidden = [], options } = config;
  const { output } = await cruise([...folders], {
    ...options,
    baseDir,
    ruleSet: { forbidden },
    validate: true,
  });
  const { summary } = output as ICruiseResult;
  return {
    violations: summary.violations.map(({ rule, from, to, cycle }) =>
      [`${rule.name}: ${from}`, ...(cycle?.map(({ name }) => name) ?? [to])].join(" → "),
    ),
    files: summary.totalCruised,
  };
}
