import { divergenceOf } from "./divergence.js";
import type { Member } from "../member.js";
import type { MixedNetwork } from "../mixed-network.js";
import { isIdle, sharedView } from "../peer-state.js";
import type { Line } from "../peer.js";

/** Time limit for agreement, which may take several votes, freezes and elections. */
const PATIENCE_MS = 15_000;
const LOOK_EVERY_MS = 40;

/**
 * Waits until `members` are idle in one epoch with the same members and stewards. Then each member sends a message to
 * all others, which they can decrypt only with the same keys.
 *
 * @throws Divergence if they do not agree in time.
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

/** Sends a message from each member, which every other must receive. */
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

/** Waits for a member to leave the conversation. @throws Divergence after the time limit. */
export async function expectGone(network: MixedNetwork, member: Member): Promise<void> {
  await until(
    async () => (await network.state(member)) === undefined,
    async () =>
      divergenceOf(network, await network.present(), `${member.name} has not left the conversation`),
  );
}

/**
 * Waits until `wanted` matches a line of `member` after its first `since` lines.
 *
 * @throws Divergence after the time limit.
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
      divergenceOf(network, await network.present(), `${member.name} did not print the awaited line`),
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
