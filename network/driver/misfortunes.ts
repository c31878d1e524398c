import { stateOf } from "./agreement.js";
import type { ChatProcess } from "./chat-process.js";
import { memberOf, without } from "./group.js";

/** The one of `chats` whose turn it is to commit. */
export async function epochStewardOf(chats: readonly ChatProcess[]): Promise<ChatProcess> {
  const [chat] = chats;
  if (chat === undefined) throw new Error("Nobody is there to ask.");
  const { epochSteward } = await stateOf(chat);
  for (const candidate of chats) if ((await memberOf(candidate)) === epochSteward) return candidate;
  throw new Error(`${epochSteward ?? "Nobody"} is the epoch steward, and not one of these.`);
}

/**
 * Kills the epoch steward while the others freeze for the change that `propose` puts to the vote. It is stopped as soon
 * as the change is voted in, so that its commit candidate is never out.
 *
 * @returns who was killed.
 */
export async function killEpochSteward(
  chats: readonly ChatProcess[],
  propose: (others: readonly ChatProcess[]) => Promise<unknown>,
): Promise<ChatProcess> {
  const steward = await epochStewardOf(chats);
  const others = without(chats, steward);
  const decided = others.map((other) =>
    other.next("proposalDecided", ({ request }) => isOfMembership(request)),
  );
  const frozen = others.map((other) => other.next("phaseChanged", ({ phase }) => phase === "freezing"));
  await propose(others);
  await Promise.race(decided);
  steward.signal("SIGSTOP");
  await Promise.all([...decided, ...frozen]);
  await kill(steward);
  return steward;
}

/** Whether a request, as a line has it, changes who is in; elections go on beside. */
function isOfMembership(request: unknown): boolean {
  const { kind } = request as { readonly kind: string };
  return kind === "invite_member" || kind === "remove_member";
}

/** Ends a process as `kill -9` does. */
export async function kill(chat: ChatProcess): Promise<void> {
  chat.signal("SIGKILL");
  await chat.exited;
}

/** Bans a member; resolves once it is out. @returns the exit status of its process. */
export async function ban(by: ChatProcess, whom: ChatProcess): Promise<number | NodeJS.Signals> {
  await by.command(`/ban ${await memberOf(whom)}`);
  return whom.exited;
}

/** Closes a member's connections; resolves when it has none. */
export async function cutOff(chat: ChatProcess): Promise<void> {
  const isAlone = chat.next("connection", ({ peers }) => Array.isArray(peers) && peers.length === 0);
  await chat.command("/offline");
  await isAlone;
}
