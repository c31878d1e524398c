import { asksForAdmission } from "../model/abilities.js";
import { keepAdmitted, keepConfirmations } from "../admission/index.js";
import { MAX_DEPUTIES, openConfirmation, readRedemption, signConfirmation } from "@demls/join";
import { encodeWelcomeMessage } from "@demls/wire";
import { bytesEqual, bytesToHex, WELCOME_SUBTOPIC, type MemberId } from "@demls/wire/core";
import { enqueue } from "../messages/send.js";
import type { ApprovedChange } from "../model/changes.js";
import type { StagedCommit } from "@demls/mls";
import { accepted, ignored, type InboundOutcome } from "../model/inbound-outcome.js";
import type { Admitted, AskedConfirmation } from "../model/joining.js";
import { LIMITS } from "../model/limits.js";
import { entriesWhere, withEntry } from "../model/persistent-collections.js";
import { rosterEntryOf } from "../model/roster.js";
import { isPendingRemoval, type ActiveTransaction } from "../model/transaction.js";
import { hexBytes } from "../model/hex.js";
import { CLOCK_TOLERANCE_SECONDS, isDeputyOf, ownDeputation } from "../voting/deputies.js";
import { headOf } from "./readiness.js";
import { standingOf } from "../standing/index.js";

/** Time in ms that a deputy waits for the confirmation of the inviter, and then of each deputy before it. */
const TURN_MS = 1_500;

/** Time in ms in which one confirmation is not sent again. */
const RESEND_PAUSE_MS = 1_500;

/** Time in ms for which confirmations are counted. */
const MINUTE_MS = 60_000;

/** Notes the key packages that a merged commit has added: this member can confirm to their owners which group it is. */
export function noteAdmitted(tx: ActiveTransaction, { actions }: StagedCommit): void {
  if (!asksForAdmission(tx)) return;
  const { group } = tx.state;
  const head = headOf(group);
  const added = actions.flatMap((action): readonly Admitted[] =>
    action.kind === "add"
      ? [{ reference: action.reference, member: action.member, epoch: group.epoch, head }]
      : [],
  );
  if (added.length === 0) return;
  keepAdmitted(tx, added);
}

/** Confirms the group at once to the guests of this member that a commit has added. */
export async function confirmToOwnGuests(
  tx: ActiveTransaction,
  committed: readonly ApprovedChange[],
): Promise<void> {
  for (const { request } of committed)
    if (request.kind === "add" && request.redemption !== undefined)
      planConfirmation(tx, request.member, request.redemption, request.keyPackage);
  await sendConfirmations(tx);
}

/**
 * Plans a confirmation for a joiner that a commit has added, and that asks by announcing a key package with a
 * redemption. Its inviter confirms, or a deputy if the inviter stays silent.
 */
export function planConfirmation(
  tx: ActiveTransaction,
  joiner: MemberId,
  redemption: Uint8Array | undefined,
  keyPackage: Uint8Array,
): void {
  const { env, state } = tx;
  if (!asksForAdmission(tx) || redemption === undefined) return;
  // The welcome that it has may be that of an earlier key package.
  const admitted = state.admission.admitted.findLast(({ member }) => member === joiner);
  const read = admitted && readRedemption(redemption, keyPackage);
  if (admitted === undefined || read?.ok !== true) return;
  const { nonce, invitation } = read;
  const { inviter } = invitation;
  const turn = invitation.groupId === state.group.groupId ? turnOf(tx, inviter) : undefined;
  if (turn === undefined) return;
  const recent = entriesWhere(
    state.admission.confirmations,
    (_, { askedAtMs }) => env.nowMs - askedAtMs < MINUTE_MS,
  );
  const key = `${admitted.reference}/${bytesToHex(nonce)}`;
  const earlier = recent.get(key);
  const isSoon = earlier !== undefined && env.nowMs - earlier.askedAtMs < RESEND_PAUSE_MS;
  const isFull = earlier === undefined && recent.size >= LIMITS.confirmationsPerMinute;
  if (isSoon || isFull) return;
  const dueAtMs = env.nowMs + turn * TURN_MS;
  const asked = { reference: admitted.reference, nonce, inviter, dueAtMs, askedAtMs: env.nowMs };
  keepConfirmations(tx, withEntry(recent, key, asked));
}

/** Place of this member among those that confirm for an inviter: 0 is the inviter itself; `undefined`: it does not. */
function turnOf(tx: ActiveTransaction, inviter: MemberId): number | undefined {
  const { env, state } = tx;
  const { self } = env;
  const isLost = standingOf(tx) === "catchingUp" || isPendingRemoval(state, self);
  if (isLost || !state.group.members.includes(inviter) || isPendingRemoval(state, inviter)) return undefined;
  if (inviter === self) return 0;
  if (ownDeputation(tx, inviter) === undefined) return undefined;
  const others = state.group.members.filter((member) => isDeputyOf(tx, member, inviter));
  return Math.min(MAX_DEPUTIES, others.indexOf(self) + 1);
}

/** Monotonic time of the next confirmation. */
export function confirmationDueMs({ state }: ActiveTransaction): number | undefined {
  const due = [...state.admission.confirmations.values()].flatMap(({ dueAtMs }) => dueAtMs ?? []);
  return due.length === 0 ? undefined : Math.min(...due);
}

/** Sends the confirmations that are due. */
export async function sendConfirmations(tx: ActiveTransaction): Promise<void> {
  for (const [key, asked] of tx.state.admission.confirmations) {
    if (asked.dueAtMs === undefined || asked.dueAtMs > tx.env.nowMs) continue;
    note(tx, key, { ...asked, dueAtMs: undefined });
    // The inviter, or this member, may have been removed meanwhile.
    if (turnOf(tx, asked.inviter) !== undefined) await send(tx, asked);
  }
}

async function send(tx: ActiveTransaction, asked: AskedConfirmation): Promise<void> {
  const { env, state } = tx;
  const own = rosterEntryOf(state.group, env.self);
  const admitted = state.admission.admitted.findLast(({ reference }) => reference === asked.reference);
  if (own?.identityProof === undefined || admitted === undefined) return;
  const { signatureKey, keySince, identityProof } = own;
  const { groupId } = state.group;
  const confirmation = await signConfirmation(
    {
      ...{ groupId, epoch: admitted.epoch, head: admitted.head, nonce: asked.nonce },
      keyPackageReference: hexBytes(asked.reference),
      by: { member: env.self, signatureKey, keySince, identityProof },
      deputies: ownDeputation(tx, asked.inviter) ?? new Uint8Array(),
    },
    (label, content) => env.plugins.mls.sign(state.group, label, content),
  );
  const message = { kind: "group_confirmation", confirmation, groupId: hexBytes(groupId) } as const;
  enqueue(tx, encodeWelcomeMessage(message), WELCOME_SUBTOPIC);
}

/** Handles the confirmation of another member: this one need not send the same. */
export async function receiveOthersConfirmation(
  tx: ActiveTransaction,
  confirmation: Uint8Array,
): Promise<InboundOutcome> {
  const { env, state } = tx;
  for (const [key, asked] of state.admission.confirmations) {
    if (asked.dueAtMs === undefined) continue;
    const opened = await openConfirmation(confirmation, {
      ...{ inviter: asked.inviter, groupId: state.group.groupId, nonce: asked.nonce },
      ...{ nowSeconds: env.nowSeconds, toleranceSeconds: CLOCK_TOLERANCE_SECONDS },
      verifier: env.plugins.verifier,
      verify: (...signed) => env.plugins.mls.verify(...signed),
    });
    const admitted = state.admission.admitted.findLast(({ reference }) => reference === asked.reference);
    if (!opened.ok || admitted === undefined) continue;
    const { epoch, head, keyPackageReference } = opened.confirmation;
    const isSame =
      epoch === admitted.epoch &&
      bytesEqual(head, admitted.head) &&
      bytesToHex(keyPackageReference) === asked.reference;
    // One of a counterfeit group must not silence this member.
    if (!isSame) continue;
    note(tx, key, { ...asked, dueAtMs: undefined });
    return accepted("confirmation", opened.confirmation.by.member);
  }
  return ignored("confirmation-not-needed");
}

function note(tx: ActiveTransaction, key: string, asked: AskedConfirmation): void {
  const { confirmations } = tx.state.admission;
  keepConfirmations(tx, withEntry(confirmations, key, asked));
}
