import { bytesEqual, type MemberId } from "@demls/wire/core";
import type { MlsContext } from "../client/mls-context.js";
import { currentEpochKeys, parseMlsMessage, unprotect } from "../framing/private-message.js";
import { type TsMlsGroup } from "../group/mls-group.js";
import { identityAt, leafIdentity } from "../tree/ratchet-tree.js";
import {
  bytesToBase64,
  processProposal,
  type ClientState,
  type Commit,
  type PrivateMessage,
  type Proposal,
} from "../ts-mls.js";
import type { StageRejectReason } from "./staged-commit.js";

/** Reason that a part of a candidate was rejected. */
export interface CandidateRejection {
  readonly ok: false;
  readonly reason: StageRejectReason;
  readonly sender?: MemberId;
}

/** Branch of a group's state with a candidate's proposals pending. */
export interface PendingProposals {
  readonly ok: true;
  readonly state: ClientState;
  /** One entry per distinct proposal, in the order given. */
  readonly senders: readonly MemberId[];
}

/** Reads a proposal or a commit of this group's epoch. Rejects PublicMessages. */
export function parseHandshake(
  group: TsMlsGroup,
  bytes: Uint8Array,
  contentType: "proposal" | "commit",
): { readonly ok: true; readonly message: PrivateMessage } | CandidateRejection {
  const parsed = parseMlsMessage(bytes);
  if (parsed?.wireformat !== "mls_private_message" || parsed.privateMessage.contentType !== contentType)
    return { ok: false, reason: "malformed" };
  const message = parsed.privateMessage;
  if (!bytesEqual(message.groupId, group.state.groupContext.groupId))
    return { ok: false, reason: "other-group" };
  return message.epoch === group.epoch ? { ok: true, message } : { ok: false, reason: "other-epoch" };
}

/**
 * Authenticates a candidate's proposals and adds them as pending to a branch of the state.
 *
 * ts-mls refuses to send application messages while proposals are pending. With a branch, the group used for chat and
 * votes never has any.
 */
export async function receiveProposals(
  context: MlsContext,
  group: TsMlsGroup,
  proposals: readonly Uint8Array[],
): Promise<PendingProposals | CandidateRejection> {
  let { state } = group;
  const senders: MemberId[] = [];
  for (const bytes of proposals) {
    const received = await receiveProposal(context, group, state, bytes);
    if (!received.ok) return received;
    // A repeated proposal has the same reference, so it is added once.
    if (pendingCount(received.state) > pendingCount(state)) senders.push(received.sender);
    state = received.state;
  }
  return { ok: true, state, senders };
}

function pendingCount({ unappliedProposals }: ClientState): number {
  return Object.keys(unappliedProposals).length;
}

async function receiveProposal(
  context: MlsContext,
  group: TsMlsGroup,
  state: ClientState,
  bytes: Uint8Array,
): Promise<
  { readonly ok: true; readonly state: ClientState; readonly sender: MemberId } | CandidateRejection
> {
  const parsed = parseHandshake(group, bytes, "proposal");
  if (!parsed.ok) return parsed;
  const read = await unprotect(context, currentEpochKeys(state), parsed.message, state.privatePath.leafIndex);
  if (!read.ok) return read;
  const { content } = read.content;
  const sender = identityAt(state.ratchetTree, read.leafIndex);
  if (content.contentType !== "proposal" || sender === undefined)
    return { ok: false, reason: "undecryptable" };
  if (content.proposal.proposalType === "update" && leafIdentity(content.proposal.update.leafNode) !== sender)
    return { ok: false, reason: "identity-changed", sender };
  const spent = { ...state, secretTree: read.secretTree };
  const pending = await processProposal(spent, read.content, content.proposal, context.suite.hash);
  return { ok: true, state: pending, sender };
}

/**
 * Proposals that a commit applies, in its order, with references resolved.
 *
 * @returns `undefined` when a reference cannot be resolved, or the commit does not refer to a pending proposal.
 */
export function resolveProposals(state: ClientState, commit: Commit): Proposal[] | undefined {
  const pending = new Map(Object.entries(state.unappliedProposals));
  const resolved: Proposal[] = [];
  for (const entry of commit.proposals) {
    if (entry.proposalOrRefType === "proposal") {
      resolved.push(entry.proposal);
      continue;
    }
    const reference = bytesToBase64(entry.reference);
    const proposal = pending.get(reference)?.proposal;
    if (proposal === undefined) return undefined;
    pending.delete(reference);
    resolved.push(proposal);
  }
  return pending.size === 0 ? resolved : undefined;
}
