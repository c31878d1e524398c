/**
 * The occurrences of a life, each with a name such as `outage-2` or `loss-1-3-17`: all that people and faults do during
 * the faults. A shortened life leaves some out.
 */
export interface Plan {
  /** Names of the occurrences so far, in order. */
  readonly names: readonly string[];
  /** Whether an occurrence takes place. Called once, at its time. */
  has(name: string): boolean;
}

/** @param only names of the occurrences that take place; undefined for all */
export function createPlan(only: readonly string[] | undefined): Plan {
  const kept = only && new Set(only);
  const names: string[] = [];
  return {
    names,
    has(name) {
      if (kept !== undefined && !kept.has(name)) return false;
      names.push(name);
      return true;
    },
  };
}
