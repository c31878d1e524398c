import { stewardListConfig, type StewardListConfig, type StewardListPlugin } from "@demls/steward";
import type { MemberId } from "@demls/wire/core";
import { createSeededRandom, type SeededRandom } from "../seeded-random.js";
import { sampleMembers } from "./sample-members.js";

/** Members of every case, ascending by id. */
export const MEMBERS = sampleMembers(9);

/** Predicate that makes all members eligible. */
export const everyone = (): boolean => true;

/** Other predicates of eligibility. */
export const allBut =
  (...gone: readonly (MemberId | undefined)[]) =>
  (id: MemberId): boolean =>
    !gone.includes(id);

/** Epochs and retry rounds of elections: the first, some, and the largest on the wire. */
export const OCCASIONS: readonly (readonly [epoch: bigint, retryRound: number])[] = [
  [0n, 0],
  [1n, 0],
  [1n, 1],
  [41n, 2],
  [2n ** 63n, 7],
  [2n ** 64n - 100n, 0xffff_ffff],
];

/** Conversation without a list, with at most three stewards. */
export function withoutList<S>(plugin: StewardListPlugin<S>, settings: Partial<StewardListConfig> = {}): S {
  return plugin.create("garden", stewardListConfig({ snMin: 1, snMax: 3, ...settings }), 1);
}

/** Conversation of {@link MEMBERS} with a list of `size` from epoch 4 on. */
export function withList<S>(plugin: StewardListPlugin<S>, size = 3): S {
  const state = withoutList(plugin, { snMax: Math.max(3, size) });
  return plugin.installList(state, 4n, MEMBERS, size, 0).state;
}

/** Members of the list in force; empty without a list. */
export function listed<S>(plugin: StewardListPlugin<S>, state: S): readonly MemberId[] {
  return plugin.currentList(state)?.members ?? [];
}

/** Groups to derive lists from: one member, all members, and random groups between. */
export function groups(): readonly (readonly MemberId[])[] {
  const random: SeededRandom = createSeededRandom("groups");
  const sizes = [2, 3, 4, 6, 8];
  return [MEMBERS.slice(0, 1), ...sizes.map((size) => random.shuffle(MEMBERS).slice(0, size)), MEMBERS];
}
