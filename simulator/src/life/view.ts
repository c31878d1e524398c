import type { Person } from "../world/person.js";
import type { World } from "../world/world.js";
import type { View } from "./verdict.js";

/**
 * The view of one person.
 *
 * @param rollCall the last message of each member, by its name
 */
export function viewOf(person: Person, rollCall: ReadonlyMap<string, string>): View {
  const { name, id, diary, conversation } = person;
  const state = conversation?.state;
  const epoch =
    state?.epoch === undefined ? undefined : `${state.epoch} ${state.epochAuthenticator?.slice(0, 8)}`;
  const { members = [], stewards } = state ?? {};
  return {
    name,
    id,
    phase: person.isDown ? "down" : (state?.phase ?? "out"),
    epoch,
    history: new Set([...diary.epochs].map(shortEpoch)),
    roster: members.map((member) => member.id),
    scores: Object.fromEntries(members.map((member) => [member.id, String(member.score)])),
    stewards: stewards
      ? `${stewards.electionEpoch}: ${stewards.members.map((each) => each.slice(0, 8)).join(" ")}`
      : "none",
    pending: [
      ...(state?.openVotes ?? []).map(({ request }) => `open ${request.kind}`),
      ...(state?.approved ?? []).map(({ request }) => `approved ${request.kind}`),
    ],
    unheard: [...rollCall].flatMap(([from, text]) => (from === name || diary.heard.has(text) ? [] : [from])),
  };
}

function shortEpoch(epoch: string): string {
  const [number, authenticator = ""] = epoch.split(" ");
  return `${number} ${authenticator.slice(0, 8)}`;
}

/**
 * Number of chat messages that did not arrive: a message counts once for each member that was in the group from before
 * it was sent until now, and has not received it.
 */
export function lostMessages(world: World): number {
  return sumOfLosses(world, lostOf);
}

/**
 * The same without those that the receiver was told of by `missed` or `rejoined`, or the sender by `notDelivered`.
 */
export function unreportedLosses(world: World): number {
  return sumOfLosses(world, (sender, receiver) => {
    const { missed, readsSinceMs } = receiver.diary;
    const reported = (missed.get(sender.id) ?? 0) + sender.diary.notDelivered;
    return Math.max(0, lostOf(sender, receiver, readsSinceMs) - reported);
  });
}

function lostOf(sender: Person, { diary }: Person, sinceMs = diary.memberSinceMs ?? Infinity): number {
  return sender.diary.sent.filter(({ text, atMs }) => atMs > sinceMs && !diary.heard.has(text)).length;
}

function sumOfLosses({ people }: World, lostBetween: (sender: Person, receiver: Person) => number): number {
  const lasting = people.filter(({ diary }) => diary.memberSinceMs !== undefined);
  return lasting.reduce(
    (sum, receiver) =>
      sum +
      lasting
        .filter((sender) => sender !== receiver)
        .reduce((lost, sender) => lost + lostBetween(sender, receiver), 0),
    0,
  );
}
