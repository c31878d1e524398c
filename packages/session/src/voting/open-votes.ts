import { LIMITS } from "../model/limits.js";
import { appendBounded, withEntry, withoutKey } from "../model/persistent-collections.js";
import type { ChangeRequest } from "../model/request.js";
import type { ActiveTransaction } from "../model/transaction.js";
import { update } from "../model/transaction.js";
import type { OpenVote } from "../model/votes.js";

/** A vote to open. */
export type NewVote = Pick<OpenVote, "proposalId" | "request" | "proposer" | "own" | "voters"> &
  Partial<Pick<OpenVote, "deadlineMs" | "expectedElection" | "claimedName" | "consent">>;

/** Starts to track a vote that the consensus plug-in has accepted. */
export function trackVote(tx: ActiveTransaction, vote: NewVote): void {
  const tracked: OpenVote = {
    result: undefined,
    claimedName: undefined,
    expectedElection: false,
    defaultVote: undefined,
    deadlineMs: undefined,
    slotHeldUntilMs: undefined,
    signature: undefined,
    ...vote,
  };
  update(tx, "votes", { open: withEntry(tx.state.votes.open, vote.proposalId, tracked) });
}

/** Changes fields of a tracked vote; an unknown id changes nothing. */
export function updateVote(tx: ActiveTransaction, proposalId: number, changes: Partial<OpenVote>): void {
  const { open } = tx.state.votes;
  const vote = open.get(proposalId);
  if (vote !== undefined) update(tx, "votes", { open: withEntry(open, proposalId, { ...vote, ...changes }) });
}

/** Deletes a vote from the state and from the consensus plug-in. */
export function forgetVote(tx: ActiveTransaction, proposalId: number): void {
  const { open, sessions } = tx.state.votes;
  update(tx, "votes", {
    open: withoutKey(open, proposalId),
    sessions: tx.env.plugins.consensus.forget(sessions, proposalId),
  });
}

/** Replaces the votes that the consensus plug-in counts. */
export function keepSessions(tx: ActiveTransaction, sessions: unknown): void {
  update(tx, "votes", { sessions });
}

/** Notes that the result of a proposal is applied: a later delivery of it is ignored. */
export function markResolved(tx: ActiveTransaction, proposalId: number): void {
  const { resolved } = tx.state.votes;
  if (resolved.includes(proposalId)) return;
  update(tx, "votes", { resolved: appendBounded(resolved, proposalId, LIMITS.resolved) });
}

/** A tracked vote. */
export function voteOf({ state }: ActiveTransaction, proposalId: number): OpenVote | undefined {
  return state.votes.open.get(proposalId);
}

/** Open votes, in order of arrival. */
export function openVotes({ env, state }: ActiveTransaction): readonly OpenVote[] {
  const { consensus } = env.plugins;
  const { open, sessions } = state.votes;
  return [...open.values()].filter(
    ({ proposalId }) => consensus.tally(sessions, proposalId)?.state === "active",
  );
}

/** Own proposals without a result, published or not. */
export function ownOpenVotes({ state }: ActiveTransaction): readonly OpenVote[] {
  return [...state.votes.open.values()].filter(({ own, result }) => own && result === undefined);
}

/** Whether an emergency is open. */
export function isEmergencyOpen({ state }: ActiveTransaction): boolean {
  return [...state.votes.open.values()].some(
    ({ request, result }) => request.kind === "emergency" && result === undefined,
  );
}

/** Requests of open votes, in order of arrival. */
export function openRequests(tx: ActiveTransaction): readonly ChangeRequest[] {
  return openVotes(tx).map(({ request }) => request);
}

/** Approved and open requests. */
export function requestsUnderWay(tx: ActiveTransaction): readonly ChangeRequest[] {
  return [...tx.state.changes.approved.map(({ request }) => request), ...openRequests(tx)];
}
