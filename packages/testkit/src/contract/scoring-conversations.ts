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

/** Members of every case, ascending by id. */
export const MEMBERS = sampleMembers(4);

/** All events that change a score. */
const EVENTS = Object.keys(defaultScoreDeltas) as readonly ScoreEvent[];

/** Everything that a conversation reads from a scoring state. */
interface InspectedScores {
  readonly scores: readonly (readonly [MemberId, bigint])[];
  readonly below: readonly MemberId[];
  readonly threshold: bigint;
  readonly defaultScore: bigint;
}

/** Conversations of one implementation. */
export interface ScoringConversations<S> {
  /** Conversation of these members, {@link MEMBERS} by default. */
  of(members?: readonly MemberId[], config?: Partial<ScoringConfig>, deltas?: Partial<ScoreDeltas>): S;
  /** State after operations, one by one. */
  after(state: S, ops: readonly ScoreOp[]): S;
  inspected(state: S): InspectedScores;
}

/** Conversations of the implementation under test. */
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

/**
 * Random events for members and sometimes for a non-member. There are many of them, since a rule's penalties may be
 * small.
 */
export function historyOf(seed: string, length = 120): readonly ScoreOp[] {
  const random = createSeededRandom(seed);
  return Array.from({ length }, () => ({
    memberId: random.pick([...MEMBERS, STRANGER]),
    event: random.pick(EVENTS),
  }));
}

/** Histories of several kinds: mixed, only misconduct, only good conduct. */
export function histories(): readonly (readonly ScoreOp[])[] {
  const mixed = ["one", "two", "three"].map((seed) => historyOf(seed));
  return [...mixed, onlyOf("broken-commit"), onlyOf("successful-commit")];
}

/** The same event for each member in turn, repeatedly. */
export function onlyOf(event: ScoreEvent, rounds = 20): readonly ScoreOp[] {
  return Array.from({ length: rounds }, () => MEMBERS.map((memberId) => ({ memberId, event }))).flat();
}
