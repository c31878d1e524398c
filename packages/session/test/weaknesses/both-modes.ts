import type { CompatibilityMode } from "../../src/index.js";
import { fork, garden, type World, type WorldOptions } from "../world.js";

/** One of the two modes, and a settled conversation in it. */
export interface ModeCase {
  readonly mode: CompatibilityMode;
  /** The conversation, to go on from independently of other tests. */
  begin(): Promise<World>;
}

/** A settled conversation of these members in each of the two modes, for `describe.each`. */
export async function inBothModes(
  names: readonly string[],
  options: Omit<WorldOptions, "mode"> = {},
): Promise<readonly [ModeCase, ModeCase]> {
  const caseOf = async (mode: CompatibilityMode): Promise<ModeCase> => {
    const settled = await garden(names, { ...options, mode });
    return { mode, begin: async () => (await fork(settled.world)).world };
  };
  return [await caseOf("de-mls-3"), await caseOf("strict")];
}
