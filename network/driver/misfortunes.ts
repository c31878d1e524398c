import { stateOf } from "./agreement.js";
import type { ChatProcess, Fits } from "./chat-process.js";
import { memberOf, without } from "./group.js";

/** The epoch steward among `chats`. */
export async function epochStewardOf(chats: readonly ChatProcess[]): Promise<ChatProcess> {
  const [chat] = chats;
  if (chat === undefined) throw new Error("There is no chat.");
  const { epochSteward } = await stateOf(chat);
  for (const candidate of chats) if ((await memberOf(candidate)) === epochSteward) return candidate;
  throw new Error(`The epoch steward ${epochSteward ?? "(none)"} is not one of these chats.`);
}

/**
 * Kills the epoch steward during the freeze for the change that `propose` proposes. The steward is suspended as soon as
 * the change is approved, so that it never publishes its commit candidate.
 *
 * @returns the killed chat.
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

/** Whether the request of a line adds or removes a member, and is not an election. */
function isOfMembership(request: unknown): boolean {
  const { kind } = request as { readonly kind: string };
  return kind === "add" || kind === "remove";
}

/** Kills a process with SIGKILL. */
export async function kill(chat: ChatProcess): Promise<void> {
  chat.signal("SIGKILL");
  await chat.exited;
}

/** Bans a member. Resolves after its removal. @returns the exit status of its process. */
export async function ban(by: ChatProcess, whom: ChatProcess): Promise<number | NodeJS.Signals> {
  await by.command(`/ban ${await memberOf(whom)}`);
  return whom.exited;
}

/**
 * Suspends a process until `meanwhile` has ended, which begins once the others have lost their connections to it: until
 * then their packets wait in its sockets.
 */
export async function suspendWhile<T>(
  chat: ChatProcess,
  others: readonly ChatProcess[],
  meanwhile: () => Promise<T>,
): Promise<T> {
  chat.signal("SIGSTOP");
  await Promise.all(others.map((other) => loses(other, chat)));
  const result = await meanwhile();
  chat.signal("SIGCONT");
  return result;
}

/** Resolves when a chat has no connection to `peer`. */
async function loses(chat: ChatProcess, peer: ChatProcess): Promise<void> {
  const { peerId } = await peer.line("started");
  const isWithout: Fits = ({ peers }) => Array.isArray(peers) && !peers.includes(peerId);
  const last = chat.lines.findLast(({ type }) => type === "connection");
  if (last === undefined || !isWithout(last)) await chat.next("connection", isWithout);
}

/** Closes a member's connections. Resolves when it has none. */
export async function cutOff(chat: ChatProcess): Promise<void> {
  const isAlone = chat.next("connection", ({ peers }) => Array.isArray(peers) && peers.length === 0);
  await chat.command("/offline");
  await isAlone;
}

/** Closes a member's connections, and lets it connect again when `meanwhile` has ended. */
export async function offlineWhile<T>(chat: ChatProcess, meanwhile: () => Promise<T>): Promise<T> {
  await cutOff(chat);
  const result = await meanwhile();
  await chat.command("/online");
  return result;
}
