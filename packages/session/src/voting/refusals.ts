import { deletePending } from "../changes/index.js";
import type { MemberId } from "@demls/wire/core";
import { LIMITS } from "../model/limits.js";
import { withoutKey } from "../model/persistent-collections.js";
import type { AddRequest } from "../model/request.js";
import { policyOf, update, type ActiveTransaction } from "../model/transaction.js";
import type { Refusal } from "../model/refusals.js";
import type { OpenVote } from "../model/votes.js";
import { isVouchedFor } from "./admission.js";
import { defaultVote } from "./default-vote.js";
import { groundsOf } from "./grounds.js";
import { checkKeyPackage } from "./key-package-check.js";
import { untimelyVote } from "./quotas.js";

/**
 * Whether a joiner has withdrawn this key package, or the members have refused it, or have lately refused another one
 * of this joiner.
 */
export function isRefused({ env, state }: ActiveTransaction, joiner: MemberId, reference: string): boolean {
  const { joiners, withdrawn } = state.refusals;
  if (withdrawn.has(reference)) return true;
  const refusal = joiners.get(joiner);
  if (refusal === undefined || refusal.whileBanned === true) return false;
  return refusal.reference === reference || env.nowMs - refusal.atMs < LIMITS.refusalMs;
}

/**
 * Notes a joiner that the members have refused, so that its next announcement opens no vote. A vote that failed for another
 * reason is no refusal: too few members voted, or the default vote was no because of the moment or the key package.
 */
export async function noteRefusal(tx: ActiveTransaction, vote: OpenVote, request: AddRequest): Promise<void> {
  const { proposalId, proposer } = vote;
  if (!policyOf(tx).remembersRefusals) return;
  const tally = tx.env.plugins.consensus.tally(tx.state.votes.sessions, proposalId);
  if (tally === undefined || 2 * tally.no < tally.expected) return;
  if (untimelyVote(tx, proposer, "membership") !== undefined) return;
  const { livenessCriteriaYes } = tx.state.config;
  const grounds = await groundsOf(tx, request, { proposer, vouches: isVouchedFor(tx, vote) });
  if (!(await defaultVote(tx, request, proposer, livenessCriteriaYes, grounds)).vote) return;
  const check = await checkKeyPackage(tx, request.keyPackage);
  if (!check.ok) return;
  const { member } = request;
  rememberRefusal(tx, member, check.reference);
  // Another key package of this joiner would be the next vote on it.
  deletePending(tx, member);
}

/** Notes a refused joiner and the reference of its key package. */
export function rememberRefusal(tx: ActiveTransaction, joiner: MemberId, reference: string): void {
  remember(tx, joiner, { reference, atMs: tx.env.nowMs });
}

/** Notes the reference of a banned joiner's key package, so that it can be told of its ban. */
export function noteBannedJoiner(tx: ActiveTransaction, joiner: MemberId, reference: string): void {
  if (tx.state.refusals.joiners.get(joiner)?.reference === reference) return;
  remember(tx, joiner, { reference, atMs: tx.env.nowMs, whileBanned: true });
}

function remember(tx: ActiveTransaction, joiner: MemberId, refusal: Refusal): void {
  const others = [...withoutKey(tx.state.refusals.joiners, joiner)].slice(1 - LIMITS.refusedJoiners);
  update(tx, "refusals", { joiners: new Map([...others, [joiner, refusal]]) });
}

/** Forgets the refusal of a joiner that the members let in after all. */
export function forgetRefusal(tx: ActiveTransaction, joiner: MemberId): void {
  const joiners = withoutKey(tx.state.refusals.joiners, joiner);
  if (joiners !== tx.state.refusals.joiners) update(tx, "refusals", { joiners });
}
