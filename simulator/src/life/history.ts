import type { ConversationEvent } from "demls";
import type { Person } from "../world/person.js";
import type { Merge } from "../world/records.js";
import type { World } from "../world/world.js";

/** A member has entered an epoch; `provisional` may follow. */
interface Entry {
  readonly merge: Merge;
  /** Members that count: all before, without those that leave by the commit. */
  readonly members: number;
  readonly choosers: number;
}

type Applied = Extract<ConversationEvent, { kind: "commitApplied" }>;

/** Checks of the rules by which members enter epochs: docs/closing.md. */
export interface History {
  /** Checks the merges that no `provisional` has followed. Call it between steps. */
  settle(): void;
}

/**
 * Checks at every step that
 *
 * - an honest member publishes one choice in an epoch;
 * - a member merges a commit that most members have chosen, or says that it is `provisional`;
 * - one commit alone of an epoch is merged with a majority, unless the members that both share are hostile or have lost a batch.
 */
export function watchHistory(world: World): History {
  const merges = new Map<Person, Merge>();
  const entries = new Map<Person, Entry>();
  /** Commits that were merged with a majority, by the authenticator of their epoch. */
  const certified = new Map<string, { readonly commit: string; readonly by: string }>();
  const choices = new Map<string, string>();

  function settleOf(person: Person): void {
    const entry = entries.get(person);
    if (entry === undefined) return;
    entries.delete(person);
    const { merge, members, choosers } = entry;
    const text = `${person.name} merges ${merge.commit.slice(0, 8)} into epoch ${merge.epoch}`;
    if (2 * choosers <= members)
      world.violate(`${text}, chosen by ${choosers} of ${members}, and does not say that it is provisional`);
    const other = certified.get(merge.parent);
    certified.set(merge.parent, { commit: merge.commit, by: person.name });
    if (other === undefined || other.commit === merge.commit) return;
    const suspects = world.people.filter(
      ({ id, hasLostBatch, puppet }) => merge.members.includes(id) && (hasLostBatch || puppet !== undefined),
    );
    world.count("two certified commits");
    // Two majorities share one member at least if their number is odd, otherwise two.
    if (suspects.length < (merge.members.length % 2 === 1 ? 1 : 2))
      world.violate(`${text} with a majority, and ${other.by} ${other.commit.slice(0, 8)}`);
  }

  function enter(person: Person, { parent, members, ...merge }: Merge, { changes }: Applied): void {
    const leavers = changes.filter(({ proposalId }) => world.records.isLeave(proposalId));
    entries.set(person, {
      merge: { parent, members, ...merge },
      members: members.length - leavers.length,
      choosers: world.records.choosersOf(parent, merge.commit).size,
    });
  }

  world.onMerge((person, merge) => {
    settleOf(person);
    if (person.puppet === undefined) merges.set(person, merge);
  });
  world.onEvent((person, event) => {
    const merge = merges.get(person);
    // A member that is removed by the commit does not merge it.
    if (event.kind === "commitApplied" && merge?.epoch === event.epoch) enter(person, merge, event);
    if (event.kind !== "provisional" || entries.get(person)?.merge.epoch !== event.epoch) return;
    world.count("provisional merges");
    entries.delete(person);
  });
  world.onPacket((packet, from) => {
    const choice = from.puppet === undefined ? world.records.choiceIn(packet) : undefined;
    if (choice === undefined) return;
    const slot = `${choice.key} ${choice.leafIndex}`;
    const former = choices.get(slot) ?? choice.commit;
    choices.set(slot, choice.commit);
    if (former !== choice.commit && !from.hasLostBatch)
      world.violate(`${from.name} chooses ${choice.commit.slice(0, 8)} after ${former.slice(0, 8)}`);
  });

  return {
    settle: () => {
      for (const person of [...entries.keys()]) settleOf(person);
    },
  };
}
