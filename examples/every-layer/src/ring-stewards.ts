import {
  computeListSize,
  isValidListSize,
  type Eligible,
  type EpochStewards,
  type StewardList,
  type StewardListConfig,
  type StewardListPlugin,
  type StewardUpdate,
} from "@demls/steward";
import { DemlsError, type MemberId } from "@demls/wire/core";
import { ringOrder } from "./ring-order.js";

/** Plain data: the settings and the steward list. */
export interface RingState {
  readonly bounds: StewardListConfig;
  /** Failed elections, and their maximum. */
  readonly failed: { readonly count: number; readonly most: number };
  /** The current list with its first epoch and its election round; undefined before the first list. */
  readonly serving: readonly MemberId[];
  readonly since: bigint;
  readonly round: number;
}

/**
 * Stewards in the order of a ring that rotates with every election. It needs no hashes: the ids alone determine the
 * next steward. An attacker can therefore create an id that is next, which is why the default layer hashes.
 */
export const ringStewards: StewardListPlugin<RingState> = {
  create: (_conversationId, bounds, most) => ({
    bounds,
    failed: { count: 0, most },
    serving: [],
    since: 0n,
    round: 0,
  }),

  config: ({ bounds }) => bounds,
  withConfig: (state, bounds) => ({ ...state, bounds }),
  withSeed: (state) => state,
  currentList: listOf,
  retryRound: ({ failed }) => failed.count,
  maxRetries: ({ failed }) => failed.most,
  withMaxRetries: (state, most) => ({ ...state, failed: { ...state.failed, most } }),

  isSteward: ({ serving }, id) => serving.includes(id),
  isExhausted: (state, epoch) => state.serving.length > 0 && turnOf(state, epoch) === undefined,
  epochSteward: (state, epoch, eligible) => stewardsOf(state, epoch, eligible).epochSteward,
  epochAndBackup: stewardsOf,
  stewardMembers: ({ serving }, eligible) => serving.filter(eligible),
  electionProposer: ({ serving }, eligible) => serving.find(eligible),

  installList: install,
  maybeAutoFill: (state, epoch, members) =>
    members.length === 0 || members.length >= state.bounds.snMin
      ? { state, events: [] }
      : install(state, epoch, members, members.length, 0),
  validateProposed(state, proposed, epoch, pool, round) {
    if (proposed.length === 0 || !isValidListSize(state.bounds, proposed.length, pool.length)) return false;
    const order = ringOrder(pool, { epoch, round });
    return proposed.every((id, i) => id === order[i]);
  },
  proposeElection(state, epoch, pool, self, eligible, recovery) {
    if (!recovery && !ringStewards.isExhausted(state, epoch))
      return { kind: "skip", reason: "list-not-exhausted" };
    if (state.serving.find(eligible) !== self) return { kind: "skip", reason: "not-the-proposer" };
    if (pool.length === 0) return { kind: "skip", reason: "no-candidates" };
    const retryRound = state.failed.count;
    const order = ringOrder(pool, { epoch, round: retryRound });
    const proposedStewards = order.slice(0, computeListSize(state.bounds, pool.length));
    return { kind: "propose", proposedStewards, electionEpoch: epoch, retryRound };
  },

  bumpRetry(state) {
    const { most } = state.failed;
    const round = state.failed.count + 1;
    return {
      state: { ...state, failed: { count: round, most } },
      events: round > most ? [{ kind: "retryExhausted", round, max: most }] : [],
    };
  },
  resetRetry: (state) => ({ ...state, failed: { ...state.failed, count: 0 } }),
};

function listOf({ serving, since, round }: RingState): StewardList | undefined {
  return serving.length === 0 ? undefined : { members: serving, electionEpoch: since, retryRound: round };
}

/** Position in the list for an epoch; `undefined` if the list does not cover the epoch. */
function turnOf({ serving, since }: RingState, epoch: bigint): number | undefined {
  const turn = epoch - since;
  return turn >= 0n && turn < BigInt(serving.length) ? Number(turn) : undefined;
}

/** The first two eligible stewards, in list order from the current position. */
function stewardsOf(state: RingState, epoch: bigint, eligible: Eligible): EpochStewards {
  const turn = turnOf(state, epoch);
  if (turn === undefined) return { epochSteward: undefined, backup: undefined };
  const inTurn = [...state.serving.slice(turn), ...state.serving.slice(0, turn)].filter(eligible);
  const [epochSteward] = inTurn;
  return { epochSteward, backup: inTurn[1] };
}

function install(
  state: RingState,
  epoch: bigint,
  pool: readonly MemberId[],
  size: number,
  round: number,
): StewardUpdate<RingState> {
  if (pool.length === 0) throw refusal("no-steward-candidates", "candidates");
  if (!isValidListSize(state.bounds, size, pool.length)) throw refusal("invalid-steward-list-size", "size");
  const serving = ringOrder(pool, { epoch, round }).slice(0, size);
  return {
    state: { ...state, serving, since: epoch, round },
    events: [{ kind: "listInstalled", epoch, retryRound: round, size }],
  };
}

function refusal(code: "no-steward-candidates" | "invalid-steward-list-size", field: string): DemlsError {
  return new DemlsError(code, {
    message: "The number of candidates or the list size is out of range.",
    field,
    remedy: "Pass the members of the group, and the size from computeListSize.",
  });
}
