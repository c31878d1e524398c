import { divergenceOf } from "./divergence.js";
import type { Member } from "../member.js";
import type { MixedNetwork } from "../mixed-network.js";
import { isIdle, sharedView } from "../peer-state.js";
import type { Line } from "../peer.js";

/** How long members may take to agree. Several votes, freezes and elections may lie between. */
const PATIENCE_MS = 15_000;
const LOOK_EVERY_MS = 40;

/**
 * Waits until `members` are at rest in one epoch with the same members and stewards, and then lets
 * each say something to each, which only those with the same keys can read.
 *
 * @throws Divergence where they do not agree in time.
 */
export async function expectAgreement(network: MixedNetwork, members: readonly Member[]): Promise<void> {
  await until(
    async () => {
      const states = await Promise.all(members.map((member) => network.state(member)));
      const views = new Set(states.map((state) => state && sharedView(state)));
      return (
        views.size === 1 && states.every((state) => state?.members.length === members.length && isIdle(state))
      );
    },
    () => divergenceOf(network, members, "No agreement"),
  );
  await expectKeysShared(network, members);
  network.noteAgreement();
}

/** Each member says something that every other must read. */
async function expectKeysShared(network: MixedNetwork, members: readonly Member[]): Promise<void> {
  const said = new Map(members.map((member) => [member, `${member.name} at ${network.log.length}`]));
  for (const [member, text] of said) await network.call(member, "send_message", { text });
  await until(
    async () =>
      members.every((reader) =>
        [...said].every(([writer, text]) => writer === reader || reader.read.includes(text)),
      ),
    () => divergenceOf(network, members, "Not everyone read everyone"),
  );
}

/** Waits for a member to be out of the conversation. @throws Divergence where it is not in time. */
export async function expectGone(network: MixedNetwork, member: Member): Promise<void> {
  await until(
    async () => (await network.state(member)) === undefined,
    async () => divergenceOf(network, await network.present(), `${member.name} is still in`),
  );
}

/**
 * Waits until `wanted` finds something in a line of `member` that is printed after the first `since`.
 *
 * @throws Divergence where it does not in time.
 */
export async function expectLine<T>(
  network: MixedNetwork,
  member: Member,
  since: number,
  wanted: (line: Line) => T | undefined,
): Promise<T> {
  let found: T | undefined;
  await until(
    async () => {
      for (const line of member.lines.slice(since)) found ??= wanted(line);
      return found !== undefined;
    },
    async () =>
      divergenceOf(network, await network.present(), `${member.name} does not say what is waited for`),
  );
  return found as T;
}

async function until(condition: () => Promise<boolean>, failure: () => Promise<Error>): Promise<void> {
  const endMs = performance.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (performance.now() > endMs) throw await failure();
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
