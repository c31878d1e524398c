import {
  decodeEpochRecord,
  decodeSealedRecord,
  encodeEpochRecord,
  encodeSealedRecord,
  type ConversationSync,
  type EpochRecord,
  type ProposalResult,
} from "@demls/wire";
import { bytesEqual, memberIdFromBytes, memberIdToBytes } from "@demls/wire/core";
import { settledState } from "../../join/settled-state.js";
import { settledStateFlaw, syncedConfig } from "../../join/sync-validation.js";
import { LIMITS } from "../../model/limits.js";
import type { EpochResult, Reckoning } from "../../model/record.js";
import { proposalKind } from "../../model/request.js";
import type { ActiveTransaction } from "../../model/transaction.js";
import { openForEpoch, sealForEpoch } from "./seal-for-epoch.js";
import { currentReckoning, reckon } from "../../stewards/epoch-results.js";
import { afterMissedTurn, mayBeMissed, missedSteward } from "./missed-turn.js";
import { openVotes, voteOf } from "../../voting/open-votes.js";
import { isUnexpectedElection } from "../../voting/election-validity.js";

const LABEL = "record";

/** Record of this epoch by this member's own results. */
export function ownRecord(tx: ActiveTransaction): EpochRecord {
  const { opening, results } = tx.state.record;
  // The joiner of this epoch does not know its opening, and its ConversationSync states the results so far.
  if (opening === undefined) return recordFrom(tx, currentReckoning(tx), results, knownProposals(tx), {});
  const missed = missedSteward(tx);
  const turn = missed === undefined ? {} : { silentSteward: memberIdToBytes(missed) };
  const reckoning = reckon(tx, afterMissedTurn(tx, opening, turn), results);
  return recordFrom(tx, reckoning, results, knownProposals(tx), turn);
}

function knownProposals(tx: ActiveTransaction): readonly number[] {
  const approved = tx.state.changes.approved.map(({ proposalId }) => proposalId);
  const open = openVotes(tx).filter(({ request }) => proposalKind(request) === "membership");
  return [...approved, ...open.map(({ proposalId }) => proposalId)].slice(0, LIMITS.recordedProposals);
}

function recordFrom(
  tx: ActiveTransaction,
  reckoning: Reckoning,
  results: readonly ProposalResult[],
  known: readonly number[],
  turn: Pick<EpochRecord, "silentSteward">,
): EpochRecord {
  return {
    ...turn,
    state: settledState(tx, reckoning),
    results: results.map(({ proposalId, approved }) => ({ proposalId, approved })),
    known,
  };
}

/** Encrypts a record for the authenticated data of a commit, which outsiders can read; `undefined` in a mode without records. */
export async function sealRecord(
  tx: ActiveTransaction,
  record: EpochRecord,
): Promise<Uint8Array | undefined> {
  const sealed = await sealForEpoch(tx, LABEL, encodeEpochRecord(record));
  return sealed && encodeSealedRecord(sealed);
}

/**
 * Decrypts the record of a commit.
 *
 * @returns `undefined` if no member can adopt it. This depends on the commit alone, so that honest members agree.
 */
export async function openRecord(
  tx: ActiveTransaction,
  authenticatedData: Uint8Array,
): Promise<EpochRecord | undefined> {
  const packet = decodeSealedRecord(authenticatedData);
  if (!packet.ok) return undefined;
  const plaintext = await openForEpoch(tx, LABEL, packet.value);
  const decoded = plaintext && decodeEpochRecord(plaintext);
  if (decoded?.ok !== true) return undefined;
  const { state, results, known } = decoded.value;
  if (results.length > LIMITS.recordedResults || known.length > LIMITS.recordedProposals) return undefined;
  const isSound =
    syncedConfig(tx.state.config, state) !== undefined && settledStateFlaw(tx, state) === undefined;
  return isSound ? decoded.value : undefined;
}

/**
 * Whether a record follows from the opening of the epoch and from results that this member has reached, or that the
 * votes received here allow. It may omit results: members apply these in the next epoch. A joiner without a
 * ConversationSync of its committer does not know the opening, and accepts any record.
 *
 * @param isSteward - whether its author may commit changes. The record of another author may state only results that
 *   this member has reached.
 */
export function acceptsRecord(
  tx: ActiveTransaction,
  record: EpochRecord | undefined,
  isSteward: boolean,
): boolean {
  const { opening } = tx.state.record;
  if (record === undefined || opening === undefined) return true;
  const results: EpochResult[] = [];
  for (const stated of record.results) {
    const known = results.some(({ proposalId }) => proposalId === stated.proposalId)
      ? undefined
      : knownResult(tx, stated, isSteward);
    if (known === undefined) return false;
    results.push(known);
  }
  const { silentSteward } = record;
  if (silentSteward !== undefined && !mayBeMissed(tx, memberIdFromBytes(silentSteward))) return false;
  const turn = silentSteward && { silentSteward };
  const reckoning = reckon(tx, afterMissedTurn(tx, opening, turn ?? {}), results);
  const reckoned = recordFrom(tx, reckoning, results, record.known, turn ?? {});
  const own = { ...reckoned, state: withLearntOf(reckoned.state, record.state) };
  return bytesEqual(encodeEpochRecord(own), encodeEpochRecord(record));
}

/**
 * A state with the bans, invitations and arrivals of another one, so that the comparison leaves these out: members know
 * different ones. Arrivals have a check of their own.
 */
function withLearntOf(state: ConversationSync, other: ConversationSync): ConversationSync {
  if (state.banMemory === undefined || other.banMemory === undefined) return state;
  const { invitations = [], newcomers } = other;
  const arrivals = newcomers?.arrivals ?? [];
  return {
    ...state,
    banMemory: { ...state.banMemory, bans: other.banMemory.bans },
    invitations,
    ...(state.newcomers && { newcomers: { ...state.newcomers, arrivals } }),
  };
}

/** A stated result, if this member has reached it or can tell that another may have. */
function knownResult(
  tx: ActiveTransaction,
  { proposalId, approved }: ProposalResult,
  isSteward: boolean,
): EpochResult | undefined {
  const own = tx.state.record.results.find((result) => result.proposalId === proposalId);
  if (own?.approved === approved) return own;
  // Any member may commit without changes, and so write a record.
  if (!isSteward) return undefined;
  const vote = voteOf(tx, proposalId);
  const tally = tx.env.plugins.consensus.tally(tx.state.votes.sessions, proposalId);
  if (vote === undefined || tally === undefined) return undefined;
  const { request, proposer } = vote;
  const missing = tally.expected - tally.yes - tally.no;
  // Half of the votes reject; fewer are not recorded.
  const isPossible = approved
    ? 2 * (tally.yes + missing) > tally.expected
    : 2 * (tally.no + missing) >= tally.expected;
  if (!isPossible) return undefined;
  const { epoch } = tx.state.group;
  if (request.kind === "emergency") {
    // Members must have had the time to vote on an emergency, and a Deadlock ends with its epoch.
    const isOver = request.evidence?.violation === "deadlock" && request.evidence.epoch !== epoch;
    return vote.result === undefined || isOver ? undefined : { proposalId, approved, epoch, request };
  }
  const isElected =
    request.kind === "electStewards" &&
    request.electionEpoch === epoch &&
    approved &&
    !isUnexpectedElection(tx, proposalId, request, proposer);
  return isElected ? { proposalId, approved, epoch, request } : undefined;
}
