import { allowsRejoin } from "../model/abilities.js";
import { leafName, type ValidKeyPackage } from "@demls/mls";
import { encodeWelcomeMessage, type WelcomeMessage } from "@demls/wire";
import { bytesEqual, memberIdFromBytes, memberIdToBytes, WELCOME_SUBTOPIC } from "@demls/wire/core";
import { enqueue } from "../messages/send.js";
import { accepted, ignored, rejected, type InboundOutcome } from "../model/inbound-outcome.js";
import { LIMITS } from "../model/limits.js";
import { withEntry, withoutKey } from "../model/persistent-collections.js";
import { isActive, type PendingJoin } from "../model/state.js";
import {
  inGroup,
  update,
  type ActiveTransaction,
  type LiveTransaction,
  type Transaction,
} from "../model/transaction.js";
import { hexBytes } from "../model/hex.js";
import { answerDelayMs } from "../model/answer-delay.js";
import { isAdmissible } from "../identity/identity-proof.js";
import { admissionOf } from "./rejoin.js";
import { mayRejoin } from "./rejoin-requests.js";
import { awaitsConfirmation } from "./unconfirmed-welcome.js";

type LeafNotice = Extract<WelcomeMessage, { kind: "leaf_notice" }>;

const ADMISSION_BYTES = 16;

/**
 * Plans an answer to a member whose key package does not name its leaf: it has lost its storage, or its welcome, and
 * cannot know the admission. One of the members answers.
 */
export async function planLeafNotice(tx: ActiveTransaction, keyPackage: ValidKeyPackage): Promise<void> {
  const { env, state } = tx;
  const { identity } = keyPackage;
  const { notices } = state.rejoin;
  if (!allowsRejoin(tx) || identity === env.self || notices.has(identity)) return;
  if (!mayRejoin(tx, identity) || !(await isAdmissible(tx, identity, keyPackage))) return;
  const [oldest] = notices.keys();
  const kept =
    notices.size >= LIMITS.leafNotices && oldest !== undefined ? withoutKey(notices, oldest) : notices;
  update(tx, "rejoin", {
    notices: withEntry(kept, identity, env.nowMs + answerDelayMs(env.random, state.group.members.length)),
  });
}

/** Monotonic time of the next notice. */
export function leafNoticeDueMs({ state }: ActiveTransaction): number | undefined {
  const { notices } = state.rejoin;
  return notices.size === 0 ? undefined : Math.min(...notices.values());
}

/** Sends the notices that are due. */
export function sendLeafNotices(tx: ActiveTransaction): void {
  for (const [member, atMs] of tx.state.rejoin.notices) {
    if (atMs > tx.env.nowMs) continue;
    update(tx, "rejoin", { notices: withoutKey(tx.state.rejoin.notices, member) });
    const admission = admissionOf(tx.state.group, member);
    if (admission === undefined) continue;
    const groupId = hexBytes(tx.state.group.groupId);
    const notice = { kind: "leaf_notice", identity: memberIdToBytes(member), admission, groupId } as const;
    enqueue(tx, encodeWelcomeMessage(notice), WELCOME_SUBTOPIC);
  }
}

/**
 * Handles a notice: the joiner that it is for announces a key package that names the leaf, and members that would have
 * sent the same one stay silent.
 */
export function receiveLeafNotice(tx: LiveTransaction, { identity, admission }: LeafNotice): InboundOutcome {
  if (admission.length !== ADMISSION_BYTES) return rejected("malformed-packet", "admission");
  const member = memberIdFromBytes(identity);
  if (member === tx.env.self) return takeLeafNotice(tx, leafName(tx.state.name, admission));
  const known = inGroup(tx) ? admissionOf(tx.state.group, member) : undefined;
  if (!inGroup(tx) || known === undefined || !bytesEqual(known, admission))
    return ignored("leaf-notice-not-needed");
  const { notices } = tx.state.rejoin;
  if (!notices.has(member)) return ignored("leaf-notice-not-needed");
  update(tx, "rejoin", { notices: withoutKey(notices, member) });
  return accepted("leafNotice", undefined);
}

/**
 * Takes the name of a leaf of this member, which the next key package replaces: of a joiner now, of a member later. A guest
 * that has started again lacks the secret to redeem its invitation for another key package.
 */
function takeLeafNotice(tx: LiveTransaction, leaf: Uint8Array): InboundOutcome {
  const { state } = tx;
  const { leaves, keyPackage } = isActive(state) ? state.rejoin : state.joining;
  const isNew = !leaves.some((known) => bytesEqual(known, leaf));
  const isBound = !isActive(state) && awaitsConfirmation(state.joining) && state.joining.resumed;
  if (keyPackage === undefined || isBound || !isNew || leaves.length >= LIMITS.ownLeafNotices)
    return ignored("leaf-notice-not-needed");
  const replaces = [...leaves, leaf];
  if (inGroup(tx)) update(tx, "rejoin", { leaves: replaces });
  else {
    update(tx as Transaction<PendingJoin>, "joining", { leaves: replaces });
    tx.effects.push({ kind: "generateKeyPackage", replaces });
  }
  return accepted("leafNotice", undefined);
}
