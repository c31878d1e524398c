import { createMls, found, knock } from "./members.js";
import { createWorld, runUntil, type Member, type World, type WorldOptions } from "./world.js";

/** A conversation of these members that has settled: all joined, stewards elected, nothing on its way. */
export async function garden(
  names: readonly string[],
  options: WorldOptions = {},
): Promise<{ readonly world: World; readonly members: Member[] }> {
  const world = createWorld(options);
  const [founder, ...others] = names;
  if (founder === undefined) throw new Error("Somebody must be there.");
  await found(world, founder);
  for (const name of others) await knock(world, name);
  await runUntil(world, () => isSettled(world, names.length));
  return { world, members: world.members };
}

/** Whether all of a conversation of this size are in, nothing is voted on, and nothing is on its way. */
export function isSettled({ members, inFlight }: World, size: number): boolean {
  return (
    inFlight.length === 0 &&
    members.every(({ state, plugins }) => {
      const { phase, group, approved, signatures, synced } = state;
      if (phase !== "working" || group?.members.length !== size || !synced) return false;
      const { consensus, stewards } = plugins;
      const voting = consensus.proposals(state.consensus).some((tally) => tally.state === "active");
      if (voting || approved.length > 0 || signatures.size > 0) return false;
      return size === 1 || !stewards.isExhausted(state.stewards, group.epoch);
    })
  );
}

/**
 * The same world once more, to go on from independently: states are values, so they are shared.
 * Members keep their keys; what they draw from here on depends on `seed`.
 */
export async function fork(
  world: World,
  seed = "fork",
): Promise<{ readonly world: World; readonly members: Member[] }> {
  const copy: World = { ...world, members: [], inFlight: [] };
  for (const member of world.members) {
    const random = member.random.fork(seed);
    const mls = await createMls(copy, {
      identity: member.signer.identity,
      random: random.fork("mls"),
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
