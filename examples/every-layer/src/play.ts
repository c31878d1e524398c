import type { Conversation, User } from "demls";
import { openStage } from "./stage.js";

const NAMES = ["Alice", "Bob", "Carol", "Dave", "Erin"] as const;

/** One member's state at the end. */
export interface Ending {
  readonly name: string;
  readonly garden: Conversation;
  /** Messages that it has received, in order. */
  readonly read: readonly string[];
}

/**
 * Runs the scenario: five members join, exchange messages, ban one of them, and exchange messages again.
 *
 * @param tell prints a line of the scenario
 * @param look receives the remaining members and the removed one before they are closed
 */
export async function play(
  tell: (line: string) => void,
  look: (left: readonly Ending[], banned: Ending) => void = () => undefined,
): Promise<void> {
  const stage = await openStage("every layer");
  try {
    const cast: Ending[] = [];
    let invitation = "";
    for (const [i, name] of NAMES.entries()) {
      const user = await stage.enter(name);
      const garden = await (i === 0 ? user.createConversation("garden") : user.join(invitation).conversation);
      if (i === 0) invitation = (await garden.createInvitation({ uses: NAMES.length - 1 })).line;
      cast.push({ name, garden, read: readingOf(user) });
      await stage.until(() => isAtRest(cast));
      tell(`${name} has joined: ${memberCount(cast)}, stewards ${stewards(cast)}.`);
    }

    await cast[1]?.garden.send("hello, everyone");
    await stage.until(() => cast.every(({ read }, i) => i === 1 || read.length === 1));
    tell(`${cast.length - 1} members receive Bob's message.`);

    const [banned] = cast.splice(3, 1) as [Ending];
    cast[0]?.garden.proposeRemove(banned.garden.state.self);
    await stage.until(() => banned.garden.state.phase === "ended" && isAtRest(cast));
    tell(`Dave is removed: ${memberCount(cast)}, stewards ${stewards(cast)}.`);

    await cast[3]?.garden.send("and then there were four");
    await stage.until(() =>
      cast.every(({ read }, i) => i === 3 || read.at(-1) === "and then there were four"),
    );
    tell(`${cast.length - 1} members receive Erin's message, and Dave does not.`);
    tell(`${(stage.clock.monotonicMs() / 1_000).toFixed(1)} seconds of virtual time have passed.`);
    look(cast, banned);
  } finally {
    await stage.close();
  }
}

function readingOf(user: User): readonly string[] {
  const read: string[] = [];
  user.conversation("garden").events$.subscribe((event) => {
    if (event.kind === "message") read.push(event.text ?? "");
  });
  return read;
}

/** Whether all members have joined, have the same member list and are idle. */
function isAtRest(cast: readonly Ending[]): boolean {
  return cast.every(
    ({ garden: { state } }) =>
      state.members.length === cast.length &&
      state.phase === "working" &&
      state.stewards !== undefined &&
      state.proposals.every((proposal) => proposal.state !== "active") &&
      state.approved.length === 0,
  );
}

function memberCount([first]: readonly Ending[]): string {
  const count = first?.garden.state.members.length;
  return count === 1 ? "1 member" : `${count} members`;
}

function stewards(cast: readonly Ending[]): string {
  const named = cast[0]?.garden.state.stewards?.members.map(
    (id) => cast.find(({ garden }) => garden.state.self === id)?.name ?? "somebody gone",
  );
  return named?.join(" and ") ?? "none";
}
