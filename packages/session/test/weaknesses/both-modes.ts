import type { CompatibilityMode } from "../../src/index.js";
import { garden, type Member, type World, type WorldOptions } from "../world.js";

/** Both modes, that in which 3.0.0 members may take part first. */
export const BOTH_MODES = ["de-mls-3", "strict"] as const satisfies readonly CompatibilityMode[];

/** One settled conversation of these members in each mode, to be forked by each test. */
export async function bothGardens(
  names: readonly string[],
  options: WorldOptions = {},
): Promise<Readonly<Record<CompatibilityMode, World>>> {
  const settled = async (mode: CompatibilityMode): Promise<World> =>
    (await garden(names, { ...options, mode })).world;
  return { "de-mls-3": await settled("de-mls-3"), strict: await settled("strict") };
}

/** A member that must be there. */
export function present(member: Member | undefined): Member {
  if (member === undefined) throw new Error("Somebody is missing.");
  return member;
}
