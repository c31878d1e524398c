import {
  defaultScoreDeltas,
  scoreDeltas,
  scoringConfig,
  type PeerScoringPlugin,
  type ScoreDeltas,
  type ScoreEvent,
  type ScoreOp,
  type ScoringConfig,
} from "@demls/scoring";
import type { MemberId } from "@demls/wire/core";
import { createSeededRandom } from "../seeded-random.js";
import { sampleMembers, STRANGER } from "./sample-members.js";

/** The members of every case, ascending by id. */
export const MEMBERS = sampleMembers(4);

/** Every event that costs or earns. */
const EVENTS = Object.keys(defaultScoreDeltas) as readonly ScoreEvent[];

/** All that a conversation sees of a scoring state. */
interface InspectedScores {
  readonly scores: readonly (readonly [MemberId, bigint])[];
  readonly below: readonly MemberId[];
  readonly threshold: bigint;
  readonly defaultScore: bigint;
}

/** Conversations by one implementation. */
export interface ScoringConversations<S> {
  /** A conversation of these members, {@link MEMBERS} by default. */
  of(members?: readonly MemberId[], config?: Partial<ScoringConfig>, deltas?: Partial<ScoreDeltas>): S;
  /** The state after operations one by one. */
  after(state: S, ops: readonly ScoreOp[]): S;
  inspected(state: S): InspectedScores;
}

/** Conversations by the implementation under test. */
export function conversationsOf<S>(plugin: PeerScoringPlugin<S>): ScoringConversations<S> {
  return {
    of: (members = MEMBERS, config = {}, deltas = {}) =>
      members.reduce(
        (state, member) => plugin.addMember(state, member),
        plugin.create(scoringConfig(config), scoreDeltas(deltas)),
      ),
    after: (start, ops) => ops.reduce((state, op) => plugin.applyOp(state, op), start),
    inspected: (state) => ({
      scores: plugin.allMembersWithScores(state).map(({ memberId, score }) => [memberId, score]),
      below: plugin.membersBelowThreshold(state),
      threshold: plugin.threshold(state),
      defaultScore: plugin.defaultScore(state),
    }),
  };
}

/** What happens to members, and now and then to somebody who is none: many times, since rules may be mild. */
export function historyOf(seed: string, length = 120): readonly ScoreOp[] {
  const random = createSeededRandom(seed);
  return Array.from({ length }, () => ({
    memberId: random.pick([...MEMBERS, STRANGER]),
    event: random.pick(EVENTS),
  }));
}

/** Histories of several kinds: mixed, of misconduct alone, of good conduct alone. */
export function histories(): readonly (readonly ScoreOp[])[] {
  const mixed = ["one", "two", "three"].map((seed) => historyOf(seed));
  return [...mixed, onlyOf("broken-commit"), onlyOf("successful-commit")];
}

/** The same event for every member in turn, over and over. */
export function onlyOf(event: ScoreEvent, rounds = 20): readonly ScoreOp[] {
  return Array.from({ length: rounds }, () => MEMBERS.map((memberId) => ({ memberId, event }))).flat();
}
