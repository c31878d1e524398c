import { isSynced } from "./state.js";
import { isSettled } from "./agreement.js";
import { createMls } from "./layers.js";
import { create, join } from "./members.js";
import { setPlatformDate } from "./platform-date.js";
import { signaturesOf } from "./state.js";
import { snapshotAt } from "./views.js";
import {
  createWorld,
  runUntil,
  wallMs,
  WORLD_DATE_MS,
  type Member,
  type World,
  type WorldOptions,
} from "./world.js";
import type { CompatibilityMode } from "../../src/index.js";

/** A world, and its members in the order in which they came. */
export interface Gathering {
  readonly world: World;
  readonly members: Member[];
}

/** Both modes, to run the same test in each. */
export const MODES: readonly CompatibilityMode[] = ["de-mls-3", "strict"];

/** A conversation of these members that has settled: all joined, stewards elected, nothing on its way. */
export async function gatherWorld(names: readonly string[], options: WorldOptions = {}): Promise<Gathering> {
  const world = createWorld(options);
  const [founder, ...others] = names;
  if (founder === undefined) throw new Error("Somebody must be there.");
  await create(world, founder);
  for (const name of others) await join(world, name);
  await runUntil(world, () => isWorldSettled(world, names.length));
  return { world, members: world.members };
}

/** A settled conversation of the same members in each mode, a fresh copy with every call. */
export async function gatherInEachMode(
  names: readonly string[],
  options: WorldOptions = {},
): Promise<(mode: CompatibilityMode) => Promise<Gathering>> {
  const settled = {
    "de-mls-3": await gatherWorld(names, options),
    strict: await gatherWorld(names, { ...options, mode: "strict" }),
  };
  return (mode) => fork(settled[mode].world);
}

/** Whether all of a conversation of this size are in and at rest, and nothing is on its way. */
export function isWorldSettled({ members, inFlight }: World, size: number): boolean {
  return (
    inFlight.length === 0 &&
    members.every((member) => {
      const snapshot = snapshotAt(member);
      if (!isSettled(snapshot, size) || signaturesOf(member).length > 0) return false;
      if (!isSynced(member)) return false;
      return size === 1 || snapshot.stewards?.exhausted === false;
    })
  );
}

/**
 * The same world once more, to go on from independently: states are values, so they are shared.
 * Members keep their keys; what they draw from here on depends on `seed`.
 */
export async function fork(world: World, seed = "fork"): Promise<Gathering> {
  setPlatformDate(WORLD_DATE_MS);
  const copy: World = { ...world, members: [], inFlight: [] };
  for (const member of world.members) {
    const random = member.random.fork(seed);
    const mls = await createMls(world.options.fakes === true, {
      identity: member.signer.identity,
      random: random.fork("mls"),
      wallMs: () => wallMs(copy),
      signatureKeyPair: {
        privateKey: member.mls.signaturePrivateKey,
        publicKey: member.mls.signaturePublicKey,
      },
    });
    copy.members.push({
      ...member,
      mls,
      random,
      plugins: { ...member.plugins, mls },
      events: [],
      outcomes: [],
      decisions: [],
      unsigned: [],
    });
  }
  const twin = (member: Member): Member =>
    copy.members[world.members.indexOf(member)] ?? (undefined as never);
  copy.inFlight = world.inFlight.map((letter) => ({
    ...letter,
    from: twin(letter.from),
    to: twin(letter.to),
  }));
  return { world: copy, members: copy.members };
}
