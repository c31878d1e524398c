import type { MemberId } from "@demls/wire/core";

import { computeListSize } from "./steward-list-config.js";
import {
  generateStewardList,
  isListExhausted,
  liveStewardFrom,
  validateStewardList,
  type Eligible,
  type StewardListInputs,
} from "./steward-list.js";
import type {
  ElectionDecision,
  EpochStewards,
  StewardListEvent,
  StewardListPlugin,
  StewardUpdate,
} from "./steward-list-plugin.js";
import type { StewardState } from "./steward-state.js";

/** Retry rounds are u32 on the wire and in the hash. */
const MAX_RETRY_ROUND = 0xffff_ffff;

/**
 * Creates the default {@link StewardListPlugin}: hashes determine the order of the stewards, and the epoch determines
 * whose turn it is. Its lists are those of `DeterministicStewardList` in de-mls 3.0.0.
 *
 * @example
 * ```ts
 * const stewards = createDeterministicStewardList();
 * const empty = stewards.create("garden", stewardListConfig(), defaultMaxRetries);
 * const { state } = stewards.installList(empty, 0n, [alice], 1, 0);
 * stewards.epochSteward(state, 0n, () => true); // alice
 * stewards.isExhausted(state, 1n); // true: the first add leads to an election
 * ```
 */
export function createDeterministicStewardList(): StewardListPlugin {
  return Object.freeze({
    create: (conversationId, config, maxRetries) => ({
      conversationId,
      config,
      list: undefined,
      retryRound: 0,
      maxRetries,
    }),

    config: (state) => state.config,
    withConfig: (state, config) => ({ ...state, config }),
    withSeed: ({ seed: _, ...state }, seed) => ({ ...state, ...(seed && { seed }) }),
    currentList: (state) => state.list,
    retryRound: (state) => state.retryRound,
    maxRetries: (state) => state.maxRetries,
    withMaxRetries: (state, maxRetries) => ({ ...state, maxRetries }),

    isSteward: (state, id) => state.list?.members.includes(id) ?? false,
    isExhausted,

    epochSteward: (state, epoch, eligible) => state.list && liveStewardFrom(state.list, epoch, 0, eligible),
    epochAndBackup,
    stewardMembers: (state, eligible) => state.list?.members.filter((id) => eligible(id)) ?? [],
    electionProposer,

    installList,
    maybeAutoFill: (state, epoch, members) =>
      // An empty group gets no list rather than an error.
      members.length === 0 || members.length >= state.config.snMin
        ? { state, events: [] }
        : installList(state, epoch, members, members.length, 0),
    validateProposed: (state, proposed, epoch, candidatePool, retryRound) =>
      validateStewardList(proposed, listInputs(state, epoch, candidatePool, retryRound)),
    proposeElection,

    bumpRetry,
    resetRetry: (state) => ({ ...state, retryRound: 0 }),
  } satisfies StewardListPlugin);
}

function isExhausted(state: StewardState, epoch: bigint): boolean {
  return state.list !== undefined && isListExhausted(state.list, epoch);
}

function epochAndBackup({ list }: StewardState, epoch: bigint, eligible: Eligible): EpochStewards {
  const epochSteward = list && liveStewardFrom(list, epoch, 0, eligible);
  if (list === undefined || epochSteward === undefined) return { epochSteward: undefined, backup: undefined };
  // Both are computed together, since the search for the epoch steward may end at the nominal backup.
  const backup = liveStewardFrom(list, epoch, 1, (id) => id !== epochSteward && eligible(id));
  return { epochSteward, backup };
}

function electionProposer({ list }: StewardState, eligible: Eligible): MemberId | undefined {
  return list?.members.find((id) => eligible(id));
}

function installList(
  state: StewardState,
  epoch: bigint,
  candidatePool: readonly MemberId[],
  size: number,
  retryRound: number,
): StewardUpdate<StewardState> {
  const list = generateStewardList(listInputs(state, epoch, candidatePool, retryRound), size);
  const installed: StewardListEvent = {
    kind: "listInstalled",
    epoch,
    retryRound,
    size: list.members.length,
  };
  return { state: { ...state, list }, events: [installed] };
}

function proposeElection(
  state: StewardState,
  epoch: bigint,
  candidatePool: readonly MemberId[],
  self: MemberId,
  eligible: Eligible,
  recovery: boolean,
): ElectionDecision {
  if (!recovery && !isExhausted(state, epoch)) return { kind: "skip", reason: "list-not-exhausted" };
  if (electionProposer(state, eligible) !== self) return { kind: "skip", reason: "not-the-proposer" };
  if (candidatePool.length === 0) return { kind: "skip", reason: "no-candidates" };
  const size = computeListSize(state.config, candidatePool.length);
  const list = generateStewardList(listInputs(state, epoch, candidatePool, state.retryRound), size);
  return {
    kind: "propose",
    proposedStewards: list.members,
    electionEpoch: epoch,
    retryRound: state.retryRound,
  };
}

function bumpRetry(state: StewardState): StewardUpdate<StewardState> {
  const { maxRetries } = state;
  const round = Math.min(state.retryRound + 1, MAX_RETRY_ROUND);
  return {
    state: { ...state, retryRound: round },
    events: round > maxRetries ? [{ kind: "retryExhausted", round, max: maxRetries }] : [],
  };
}

function listInputs(
  state: StewardState,
  electionEpoch: bigint,
  candidates: readonly MemberId[],
  retryRound: number,
): StewardListInputs {
  return {
    electionEpoch,
    retryRound,
    conversationId: state.conversationId,
    seed: state.seed,
    candidates,
    config: state.config,
  };
}
