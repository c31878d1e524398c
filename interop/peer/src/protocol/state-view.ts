import type { ConversationSnapshot, MemberRole } from "demls";
import { phaseName } from "./phase-name.js";
import { requestView, type View } from "./views.js";

const ROLES: Readonly<Record<MemberRole, string>> = {
  "epoch-steward": "epoch_steward",
  "backup-steward": "backup_steward",
  steward: "steward",
  member: "member",
};

/** The result of the `state` command. `epoch` is null while joining. */
export function stateView(snapshot: ConversationSnapshot): View {
  const { members, self, epoch } = snapshot;
  return {
    conversation_id: snapshot.name,
    state: phaseName(snapshot.phase) ?? null,
    epoch: epoch === undefined ? null : jsonNumber(epoch),
    retry_round: snapshot.retryRound,
    self,
    is_steward: members.some(({ id, role }) => id === self && role !== "member"),
    members: members.map(({ id, score, role }) => ({ id, score: scoreView(score), role: ROLES[role] })),
    scores: members.flatMap(({ id, score }) =>
      score === undefined ? [] : [{ id, score: scoreView(score) }],
    ),
    pending_leave: snapshot.pendingLeaves,
    pending_updates: snapshot.pendingUpdates.length,
    freeze: snapshot.freeze,
    approved: snapshot.approved.map(({ request }) => requestView(request)),
    steward_list: stewardListView(snapshot),
    consensus: snapshot.proposals.map(({ proposalId, state, yes, no }) => ({
      proposal_id: proposalId,
      state,
      votes: yes + no,
      yes,
    })),
    epoch_authenticator: snapshot.epochAuthenticator ?? null,
    pending_outbound: snapshot.pendingOutbound,
    buffered: snapshot.buffered,
  };
}

function stewardListView({ stewards, stewardBounds, retryRound, maxRetries }: ConversationSnapshot): View {
  return {
    has_list: stewards !== undefined,
    members: stewards?.members ?? [],
    election_epoch: stewards === undefined ? null : jsonNumber(stewards.electionEpoch),
    list_retry_round: stewards?.retryRound ?? null,
    retry_round: retryRound,
    max_retries: maxRetries,
    sn_min: stewardBounds.snMin,
    sn_max: stewardBounds.snMax,
    allow_subset_candidates: stewardBounds.allowSubsetCandidates,
  };
}

function scoreView(score: bigint | undefined): number | string | null {
  return score === undefined ? null : jsonNumber(score);
}

/** A JSON number if exact, otherwise a decimal string. */
function jsonNumber(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}
