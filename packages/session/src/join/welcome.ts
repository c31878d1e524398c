import type { MlsGroup } from "@demls/mls";
import { decodeWelcomeMessage, encodeWelcomeMessage } from "@demls/wire";
import { DemlsError, WELCOME_SUBTOPIC, type Packet } from "@demls/wire/core";
import { resendWelcome, spentReference } from "./admissions.js";
import { enqueue } from "../messages/send.js";
import { compatibilityPolicy, modeOf } from "../model/compatibility.js";
import { handled, type Handled } from "../model/fact.js";
import { accepted, ignored, rejected, type InboundOutcome } from "../model/inbound-outcome.js";
import { joined, type PendingJoin } from "../model/state.js";
import {
  emit,
  enterGroup,
  inGroup,
  trace,
  update,
  type ActiveTransaction,
  type LiveTransaction,
  type Transaction,
} from "../model/transaction.js";
import { syncScoredMembers } from "../stewards/scores.js";
import { requestAll } from "../repair/requests.js";
import { checkKeyPackage } from "../voting/key-package-check.js";
import { provesIdentity } from "../voting/identity-proof.js";
import { bufferPendingUpdate } from "../voting/pending-updates.js";

/** Time in ms until the second announcement of a key package. Each further one takes twice as long. */
const FIRST_REPEAT_MS = 30_000;

/** Handles a packet of the welcome subtopic: a joiner's key package, or a welcome. */
export async function receiveWelcomePacket(tx: LiveTransaction, packet: Packet): Promise<Handled> {
  const decoded = decodeWelcomeMessage(packet.payload);
  if (!decoded.ok) return handled(rejected("malformed-packet", decoded.reason));
  switch (decoded.value.kind) {
    case "user_key_package":
      return inGroup(tx)
        ? receiveKeyPackage(tx, decoded.value.keyPackageBytes)
        : handled(ignored("not-joined"));
    case "invitation_to_join":
      return isPending(tx)
        ? handled(await receiveWelcome(tx, decoded.value.mlsMessageOutBytes))
        : handled(ignored("already-joined"));
    case "empty":
      return handled(ignored("empty-message"));
  }
}

function isPending(tx: Transaction): tx is Transaction<PendingJoin> {
  return tx.state.phase === "pending-join";
}

/**
 * Publishes this member's key package, now and again until the welcome, at growing intervals.
 *
 * @throws DemlsError `already-joined` unless the join is pending.
 */
export function announceKeyPackage(tx: Transaction, keyPackage: Uint8Array): void {
  if (!isPending(tx)) {
    throw new DemlsError("already-joined", {
      message: "A key package can only be announced while a join is pending.",
      remedy: "No action is needed: this member has joined or left the conversation.",
    });
  }
  update(tx, "joining", { keyPackage, announcements: 0 });
  announce(tx, keyPackage);
}

/** Publishes the key package of a pending join again if it is due: it, or the welcome, may have been lost. */
export function announceAgain(tx: Transaction): void {
  if (!isPending(tx)) return;
  const { keyPackage, announceAtMs } = tx.state.joining;
  if (keyPackage === undefined || announceAtMs === undefined || announceAtMs > tx.env.nowMs) return;
  announce(tx, keyPackage);
}

function announce(tx: Transaction<PendingJoin>, keyPackage: Uint8Array): void {
  const { announcements } = tx.state.joining;
  const announceAtMs = tx.env.nowMs + FIRST_REPEAT_MS * 2 ** announcements;
  update(tx, "joining", { announcements: announcements + 1, announceAtMs });
  const message = { kind: "user_key_package", keyPackageBytes: keyPackage } as const;
  enqueue(tx, encodeWelcomeMessage(message), WELCOME_SUBTOPIC);
}

/** Verifies a key package before any use: anyone outside the group can send one (W31). */
async function receiveKeyPackage(tx: ActiveTransaction, keyPackage: Uint8Array): Promise<Handled> {
  const spent = await spentReference(tx, keyPackage);
  if (spent !== undefined) {
    resendWelcome(tx, spent);
    return handled(ignored("spent-key-package"));
  }
  const check = await checkKeyPackage(tx, keyPackage);
  if (!check.ok) {
    if (check.reason !== "already-member") return handled(rejected("invalid-key-package", check.reason));
    const inspected = await tx.env.plugins.mls.inspectKeyPackage(keyPackage);
    if (inspected.ok) resendWelcome(tx, inspected.identity);
    return handled(ignored("already-a-member"));
  }
  const buffered = bufferPendingUpdate(tx, { kind: "add", member: check.identity, keyPackage });
  if (buffered !== "buffered") return handled(ignored(buffered));
  return handled(accepted("keyPackage", undefined), [{ kind: "changeRequested" }]);
}

async function receiveWelcome(tx: Transaction<PendingJoin>, welcome: Uint8Array): Promise<InboundOutcome> {
  const { env, state } = tx;
  const outcome = await env.plugins.mls.join(welcome, env.keyPackages);
  switch (outcome.kind) {
    case "notForUs":
      return ignored("welcome-for-others");
    case "invalid":
      return rejected("invalid-welcome", outcome.reason);
    case "joined":
      break;
  }
  const { group, reference, admittedBy } = outcome;
  if (group.groupId !== state.name) {
    // Anyone can forward a welcome under another conversation's name, so the key package stays unconsumed.
    tx.effects.push({ kind: "discardGroup", group });
    return rejected("invalid-welcome", "other-conversation");
  }
  const mode = modeOf(group);
  if (compatibilityPolicy(mode).provesIdentities && !(await hasProvedMembers(tx, group))) {
    tx.effects.push({ kind: "discardGroup", group });
    return rejected("invalid-welcome", "unproved-identity");
  }
  tx.effects.push({ kind: "consumeKeyPackage", reference });
  const sessions = env.plugins.consensus.empty();
  const entered = enterGroup(tx, joined(state, { mode, group, sessions }));
  const { nowMs } = env;
  update(entered, "sync", { admittedBy });
  update(entered, "epoch", { enteredAtMs: nowMs });
  // The other members may not have merged the commit yet.
  const quietMs = compatibilityPolicy(mode).quietAfterCommitMs(state.config);
  update(entered, "outbox", { quietUntilMs: nowMs + quietMs });
  syncScoredMembers(entered);
  // The group may have gone on while a first welcome was lost.
  if (state.joining.announcements > 1) requestAll(entered, 0);
  const { epoch, members } = group;
  emit(tx, { kind: "joined", epoch, members });
  emit(tx, { kind: "membersChanged", members, added: members, removed: [] });
  trace(tx, { kind: "phase", from: "pending-join", to: "working", reason: "welcome" });
  emit(tx, { kind: "phaseChanged", phase: "working" });
  return accepted("welcome", undefined);
}

async function hasProvedMembers({ env }: Transaction, { roster }: MlsGroup): Promise<boolean> {
  for (const entry of roster)
    if (!(await provesIdentity(env.plugins.verifier, entry.member, entry))) return false;
  return true;
}
