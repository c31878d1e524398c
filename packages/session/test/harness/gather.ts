import { REPAIR_SUBTOPIC } from "@demls/wire/core";
import { isSynced } from "./state.js";
import { isSettled } from "./agreement.js";
import { createMls } from "./layers.js";
import { create, join, provingMls } from "./members.js";
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
import {
  defaultConversationConfig,
  type CompatibilityMode,
  type ConversationConfig,
} from "../../src/index.js";

/** A world with its members in join order. */
export interface Gathering {
  readonly world: World;
  readonly members: Member[];
}

/** Both modes, for `describe.each`. */
export const MODES: readonly CompatibilityMode[] = ["de-mls-3", "strict"];

/** A settled conversation of these members: all joined, stewards elected, no packet in transit. */
export async function gatherWorld(names: readonly string[], options: WorldOptions = {}): Promise<Gathering> {
  const world = createWorld(options);
  const [founder, ...others] = names;
  if (founder === undefined) throw new Error("Somebody must be there.");
  await create(world, founder);
  for (const name of others) await join(world, name);
  await runUntil(world, () => isWorldSettled(world, names.length));
  return { world, members: world.members };
}

/** A settled group with the default times on a network that takes no time. All of its members vote on everything. */
export async function settledGroup(
  size: number,
  mode: CompatibilityMode,
  settings: Partial<ConversationConfig> = {},
): Promise<World> {
  const names = Array.from({ length: size }, (_, index) => `member ${index}`);
  const config = { ...defaultConversationConfig, probationMs: 0, ...settings };
  const { world } = await gatherWorld(names, { config, fakes: true, mode });
  return world;
}

/** A settled conversation of the same members in each mode; each call returns a fresh copy. */
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

/** Whether all members of a conversation of this size have joined and are idle, and no packet is in transit. */
export function isWorldSettled({ members, inFlight }: World, size: number): boolean {
  return (
    inFlight.every(({ packet }) => packet.subtopic === REPAIR_SUBTOPIC) &&
    members.every((member) => {
      const snapshot = snapshotAt(member);
      if (!isSettled(snapshot, size) || signaturesOf(member).length > 0) return false;
      if (!isSynced(member)) return false;
      return size === 1 || snapshot.stewards?.exhausted === false;
    })
  );
}

/**
 * An independent copy of the world: states are immutable values and are shared. Members keep their keys; further random
 * values depend on `seed`.
 */
export async function fork(world: World, seed = "fork"): Promise<Gathering> {
  setPlatformDate(WORLD_DATE_MS);
  const copy: World = { ...world, members: [], inFlight: [] };
  for (const member of world.members) {
    const random = member.random.fork(seed);
    const bare = await createMls(world.options.fakes === true, {
      identity: member.signer.identity,
      random: random.fork("mls"),
      wallMs: () => wallMs(copy),
      signatureKeyPair: {
        privateKey: member.mls.signaturePrivateKey,
        publicKey: member.mls.signaturePublicKey,
        since: member.mls.signatureKeySince,
      },
    });
    const mls = provingMls({ mls: bare, signer: member.signer }, member.name);
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
