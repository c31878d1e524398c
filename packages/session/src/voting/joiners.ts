import { asksForAdmission } from "../model/abilities.js";
import { deletePending, putPending } from "../changes/index.js";
import { DemlsError, type MemberId } from "@demls/wire/core";
import { handled, type Handled } from "../model/fact.js";
import { accepted, ignored } from "../model/inbound-outcome.js";
import type { AddRequest } from "../model/request.js";
import { emit, type ActiveTransaction } from "../model/transaction.js";
import type { OpenVote } from "../model/votes.js";
import { decideAdmission } from "./admission.js";
import { voteByHand } from "./cast-vote.js";
import { groundsOf } from "./grounds.js";
import { openVotes } from "./open-votes.js";
import { bufferedGrounds, bufferPendingUpdate, isAsking, promotePendingUpdates } from "./pending-updates.js";
import { forgetRefusal, rememberRefusal } from "./refusals.js";

/** Handles the sound key package of a joiner: it is buffered for a vote, or the members are asked about it first. */
export async function receiveJoiner(
  tx: ActiveTransaction,
  request: AddRequest,
  {
    claimedName,
    unnamed,
  }: { readonly claimedName: string | undefined; readonly unnamed: string | undefined },
): Promise<Handled> {
  const { member: joiner } = request;
  const isCompanion = tx.state.branches.companions.includes(joiner);
  const grounds = await groundsOf(tx, request, { proposer: tx.env.self, vouches: isCompanion });
  const { decision, reason } = decideAdmission(tx, request, claimedName, grounds);
  if (decision === "refuse") return handled(ignored("refused-joiner"));
  const invitedBy = grounds?.invitation?.inviter;
  const awaitsAdmission = decision === "ask" ? { claimedName, invitedBy, reason } : undefined;
  const details = awaitsAdmission ? { awaitsAdmission } : bufferedGrounds(grounds);
  const buffered = bufferPendingUpdate(tx, request, { unnamed, ...details });
  if (buffered !== "buffered") return handled(ignored(buffered));
  if (awaitsAdmission) emit(tx, { kind: "joinRequested", joiner, ...awaitsAdmission });
  return handled(accepted("keyPackage", undefined), [{ kind: "changeRequested" }]);
}

/**
 * Admits a joiner: votes yes if a vote on it is open; otherwise proposes it, now or as soon as that is possible, together
 * with this member's yes.
 *
 * @throws DemlsError `wrong-mode`; `no-join-request` if the joiner has not asked; `wrong-phase`, `already-voted`,
 *   `not-a-voter`, `proposal-closed` for an open vote.
 */
export async function admitJoiner(tx: ActiveTransaction, joiner: MemberId): Promise<void> {
  requireRequests(tx);
  const open = openAdd(tx, joiner);
  if (open !== undefined) return voteByHand(tx, open.proposalId, true);
  const waiting = tx.state.changes.pending.get(joiner);
  if (waiting?.request.kind !== "add" || (waiting.awaitsAdmission && !isAsking(tx, waiting)))
    throw noJoinRequest();
  forgetRefusal(tx, joiner);
  const { awaitsAdmission: _, ...kept } = waiting;
  putPending(tx, joiner, { ...kept, vouchedBy: tx.env.self });
  await promotePendingUpdates(tx);
}

/**
 * Refuses a joiner: votes no if a vote on it is open, ignores its key package from now on, and any other one for ten
 * minutes.
 *
 * @throws as {@link admitJoiner}.
 */
export async function refuseJoiner(tx: ActiveTransaction, joiner: MemberId): Promise<void> {
  requireRequests(tx);
  const open = openAdd(tx, joiner);
  const request = open?.request ?? tx.state.changes.pending.get(joiner)?.request;
  if (request?.kind !== "add") throw noJoinRequest();
  if (open !== undefined) voteByHand(tx, open.proposalId, false);
  const found = await tx.env.plugins.mls.inspectKeyPackage(request.keyPackage);
  if (found.ok) rememberRefusal(tx, joiner, found.reference);
  deletePending(tx, joiner);
}

function openAdd(
  tx: ActiveTransaction,
  joiner: MemberId,
): (OpenVote & { readonly request: AddRequest }) | undefined {
  return openVotes(tx).find(
    (vote): vote is OpenVote & { readonly request: AddRequest } =>
      vote.request.kind === "add" && vote.request.member === joiner,
  );
}

function requireRequests(tx: ActiveTransaction): void {
  if (asksForAdmission(tx)) return;
  throw new DemlsError("wrong-mode", {
    message: "In a de-mls-3 conversation the members vote on each joiner.",
    remedy: "Call vote() with the proposal of the joiner.",
  });
}

function noJoinRequest(): DemlsError<"no-join-request"> {
  return new DemlsError("no-join-request", {
    message: "No request to join of this identity is known.",
    field: "joiner",
    remedy: "Use an id of state.requests. The joiner announces itself again from time to time.",
  });
}
