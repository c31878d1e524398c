import { asksForAdmission } from "../model/abilities.js";
import type { MemberKnowledge, RequestStatus } from "@demls/join";
import type { MlsGroup, MlsService } from "@demls/mls";
import { bytesToHex, concatBytes, utf8ToBytes } from "@demls/wire/core";
import { sha256 } from "@noble/hashes/sha2.js";
import { invitationKeyOf } from "../model/invitations.js";
import type { ChangeRequest } from "../model/request.js";
import { rosterEntryOf } from "../model/roster.js";
import type { ActiveTransaction } from "../model/transaction.js";
import { invitationEnd } from "../voting/known-invitations.js";
import { isAsking } from "../voting/pending-updates.js";
import { banOf } from "../voting/bans.js";
import { openVotes } from "../voting/open-votes.js";
import { isAbsent } from "../presence/index.js";
import { standingOf } from "../standing/index.js";

const MAX_VOTES = 0xffff;
const HEAD_LABEL = utf8ToBytes("demls head\0");
const NO_VOTES = { yes: 0, no: 0, voters: 0, millisecondsLeft: 0 };

/** Knowledge that this member tells joiners; `undefined` in `de-mls-3`, where none asks, and while it catches up. */
export function memberKnowledge(tx: ActiveTransaction): MemberKnowledge | undefined {
  if (!asksForAdmission(tx) || standingOf(tx) === "catchingUp") return undefined;
  const { env, state } = tx;
  const { group } = state;
  const { mls } = env.plugins;
  return {
    ...{ self: env.self, groupId: group.groupId, members: group.members },
    isAbsent: (member) => isAbsent(tx, member),
    memberKeyOf(invitation) {
      const key = state.invitations.known.get(invitationKeyOf(invitation))?.memberKey;
      return key === undefined || key.length === 0 ? undefined : key;
    },
    endOf: (invitation) => invitationEnd(tx, invitation),
    requestOf: (reference) => statusOf(tx, reference && bytesToHex(reference)),
    mark() {
      const own = rosterEntryOf(group, env.self);
      if (own?.identityProof === undefined) return undefined;
      const { signatureKey, keySince, identityProof } = own;
      return {
        own: { member: env.self, signatureKey, keySince, identityProof },
        ...{ epoch: group.epoch, head: headOf(group), appliedMessages: appliedIn(group, mls) },
      };
    },
    sign: (label, content) => mls.sign(group, label, content),
  };
}

/** Mark of a group state. A hash: the holder of an invitation must not be able to show the epoch authenticator. */
export function headOf({ epochAuthenticator }: Pick<MlsGroup, "epochAuthenticator">): Uint8Array {
  return sha256(concatBytes(HEAD_LABEL, epochAuthenticator));
}

/** Number of messages of its epoch that a member has applied. */
export function appliedIn(group: MlsGroup, mls: MlsService): number {
  return mls.received(group, group.epoch)?.next.reduce((sum, next) => sum + next, 0) ?? 0;
}

/** Progress of a joiner's request. */
async function statusOf(tx: ActiveTransaction, reference: string | undefined): Promise<RequestStatus> {
  const { state, env } = tx;
  const status = NO_VOTES;
  if (reference === undefined) return { ...status, state: "none" };
  if (state.admission.spent.includes(reference)) return { ...status, state: "member" };
  for (const { request } of state.changes.approved)
    if (await isOf(tx, request, reference)) return { ...status, state: "approved" };
  for (const { request, proposalId, deadlineMs } of openVotes(tx)) {
    if (!(await isOf(tx, request, reference))) continue;
    const tally = env.plugins.consensus.tally(state.votes.sessions, proposalId);
    const left = Math.max(0, Math.ceil((deadlineMs ?? env.nowMs) - env.nowMs));
    return {
      ...{ state: "voting", millisecondsLeft: left },
      ...{ yes: capped(tally?.yes), no: capped(tally?.no), voters: capped(tally?.expected) },
    };
  }
  for (const change of state.changes.pending.values()) {
    if (!(await isOf(tx, change.request, reference))) continue;
    return { ...status, state: isAsking(tx, change) ? "awaiting-admission" : "waiting" };
  }
  const [refused, refusal] =
    [...state.refusals.joiners].find(([, { reference: other }]) => other === reference) ?? [];
  if (refused === undefined) return { ...status, state: "none" };
  if (banOf(tx, refused) !== undefined) return { ...status, state: "banned" };
  return { ...status, state: refusal?.whileBanned === true ? "none" : "refused" };
}

/** Whether a request adds the owner of this key package. */
async function isOf({ env }: ActiveTransaction, request: ChangeRequest, reference: string): Promise<boolean> {
  if (request.kind !== "add") return false;
  const found = await env.plugins.mls.inspectKeyPackage(request.keyPackage);
  return found.ok && found.reference === reference;
}

function capped(votes = 0): number {
  return Math.min(votes, MAX_VOTES);
}
