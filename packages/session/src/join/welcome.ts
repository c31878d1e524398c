import { allowsRejoin } from "../model/abilities.js";
import { enterNow } from "../epoch/index.js";
import type { GroupAssurance } from "@demls/join";
import { isBoundElsewhere, succeedsKey, type MlsGroup } from "@demls/mls";
import { decodeWelcomeMessage, type WelcomeMessage } from "@demls/wire";
import { bytesToHex, DemlsError, WELCOME_SUBTOPIC, type MemberId, type Packet } from "@demls/wire/core";
import { announcement, nextAnnouncementMs } from "./announcement.js";
import { receiveOthersConfirmation } from "./confirmations.js";
import { receiveLeafNotice } from "./leaf-notices.js";
import { receiveKeyPackage } from "./receive-key-package.js";
import { isFarewell } from "./farewell.js";
import { announceRejoin, enterAgain, isRejoining } from "./rejoin.js";
import { reportDivergence } from "./divergence.js";
import { unmetSince } from "./rejoin-requests.js";
import {
  awaitsConfirmation,
  holdWelcome,
  lacksHalf,
  nextAskMs,
  requireRedemption,
  takeConfirmation,
} from "./unconfirmed-welcome.js";
import { isWaiting, keepQuiet } from "../messages/outbox.js";
import { enqueue } from "../messages/send.js";
import { compatibilityPolicy, modeOf } from "../model/compatibility.js";
import { membersChanged } from "../model/event.js";
import { handled, type Handled } from "../model/fact.js";
import { isOtherGroup, MAX_GROUP_ID_BYTES, namesOtherGroup } from "../model/group-id.js";
import { accepted, ignored, rejected, type InboundOutcome } from "../model/inbound-outcome.js";
import type { CommandOf } from "../model/input.js";
import { LIMITS } from "../model/limits.js";
import { isActive, joined, type PendingJoin } from "../model/state.js";
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
import { rosterEntryOf } from "../model/roster.js";
import type { Origin } from "../model/origin.js";
import { requestLeave } from "../voting/self-leave.js";
import { syncScoredMembers } from "../stewards/scores.js";
import { provesIdentity } from "../identity/identity-proof.js";
import { dropAnsweredUpdates } from "../voting/pending-updates.js";
import { beginUnconfirmed } from "../standing/index.js";
import { requestPackets } from "../lost-packets/index.js";

type Invitation = Extract<WelcomeMessage, { kind: "invitation_to_join" }>;

/** Handles a packet of the welcome subtopic: a joiner's key package, or a welcome. */
export async function receiveWelcomePacket(
  tx: LiveTransaction,
  packet: Packet,
  origin: Origin,
): Promise<Handled> {
  const decoded = decodeWelcomeMessage(packet.payload);
  if (!decoded.ok) return handled(rejected("malformed-packet", decoded.reason));
  const message = decoded.value;
  if (message.kind !== "empty" && (message.groupId?.length ?? 0) > MAX_GROUP_ID_BYTES)
    return handled(rejected("malformed-packet", "group-id"));
  switch (message.kind) {
    case "user_key_package":
      if (origin === "history") return handled(ignored("old-packet"));
      return inGroup(tx) ? receiveKeyPackage(tx, message) : handled(ignored("not-joined"));
    case "invitation_to_join":
      return handled(
        isPending(tx) || (inGroup(tx) && isRejoining(tx))
          ? await receiveWelcome(tx, message)
          : receiveLateWelcome(tx, message),
      );
    case "group_confirmation":
      if (origin === "history") return handled(ignored("old-packet"));
      if (namesOtherGroup(tx, message.groupId)) return handled(ignored("other-group"));
      return handled(await receiveConfirmation(tx, message.confirmation));
    case "leaf_notice":
      if (origin === "history") return handled(ignored("old-packet"));
      if (namesOtherGroup(tx, message.groupId)) return handled(ignored("other-group"));
      return handled(receiveLeafNotice(tx, message));
    case "empty":
      return handled(ignored("empty-message"));
  }
}

/** Whether this member has asked to join, and has no welcome. */
export function isPending(tx: Transaction): tx is Transaction<PendingJoin> {
  return tx.state.phase === "pending-join";
}

/**
 * Publishes this member's key package, now and again until the welcome, at growing intervals: of a pending join, or of a
 * member that was left behind.
 *
 * @throws DemlsError `already-joined` in any other phase; `invalid-key-package` for that of a guest without a redemption.
 */
export function announceKeyPackage(tx: Transaction, own: CommandOf<"announceKeyPackage">): void {
  if (inGroup(tx) && allowsRejoin(tx)) return announceRejoin(tx, own.keyPackage);
  if (!isPending(tx)) throw notJoining();
  requireRedemption(tx.state.joining, own.redemption);
  update(tx, "joining", { keyPackage: own.keyPackage, redemption: own.redemption, announcements: 0 });
  announce(tx, own.keyPackage);
}

/**
 * Publishes the key package of a pending join again, before it is due.
 *
 * @throws DemlsError `already-joined` in any other phase; `invalid-key-package` if none was announced.
 */
export function announceAgain(tx: Transaction): void {
  if (!isPending(tx)) throw notJoining();
  const { keyPackage } = tx.state.joining;
  if (keyPackage === undefined) throw nothingAnnounced();
  announce(tx, keyPackage);
}

/** Publishes the key package of a pending join again if it is due: it, or the welcome, may have been lost. */
export function announceIfDue(tx: Transaction): void {
  if (!isPending(tx)) return;
  const { keyPackage, announceAtMs } = tx.state.joining;
  if (keyPackage === undefined || announceAtMs === undefined || announceAtMs > tx.env.nowMs) return;
  announce(tx, keyPackage);
}

function announce(tx: Transaction<PendingJoin>, keyPackage: Uint8Array): void {
  const { announcements, asked, groupId, redemption } = tx.state.joining;
  const isAsking = lacksHalf(tx.state.joining);
  const announceAtMs = isAsking ? nextAskMs(tx) : nextAnnouncementMs(tx, announcements);
  update(tx, "joining", { announcements: announcements + 1, announceAtMs });
  if (isAsking) update(tx, "joining", { asked: asked + 1 });
  const payload = announcement(keyPackage, groupId, redemption);
  if (!isWaiting(tx, payload)) enqueue(tx, payload, WELCOME_SUBTOPIC);
}

/**
 * Handles a welcome after the join. If it leads to another group, that group has added its joiners, and this one drops
 * them. If it is for the key package with which this member has joined, several groups of the name have added this
 * member, which is reported unless it had named its group. The group id is not authenticated: the keys that open the
 * welcome are gone.
 */
function receiveLateWelcome(
  tx: LiveTransaction,
  { mlsMessageOutBytes: welcome, groupId }: Invitation,
): InboundOutcome {
  if (groupId === undefined || !inGroup(tx) || !namesOtherGroup(tx, groupId))
    return ignored("already-joined");
  const description = tx.env.plugins.mls.describe(welcome);
  if (description.kind !== "welcome") return rejected("malformed-packet");
  dropAnsweredUpdates(tx, description.references);
  const { keyPackage, otherGroups } = tx.state.sync;
  const isForUs = keyPackage !== undefined && description.references.includes(keyPackage);
  const other = bytesToHex(groupId);
  const isNew = !otherGroups.includes(other) && otherGroups.length < LIMITS.answeringGroups;
  if (isForUs && isNew) {
    const known = [...otherGroups, other];
    update(tx, "sync", { otherGroups: known });
    emit(tx, { kind: "ambiguousConversation", groupIds: [tx.state.group.groupId, ...known] });
  }
  return ignored("other-group");
}

/** Enters the group of a welcome for this member's key package, as a joiner or again. */
async function receiveWelcome(
  tx: LiveTransaction,
  { mlsMessageOutBytes: welcome, groupId }: Invitation,
): Promise<InboundOutcome> {
  const { env, state } = tx;
  if (namesOtherGroup(tx, groupId)) return ignored("other-group");
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
  const refusal = await refusalOf(tx, group, admittedBy);
  if (refusal !== undefined) {
    // Anyone can send such a welcome, so the key package stays unconsumed.
    tx.effects.push({ kind: "discardGroup", group });
    // The members that this one knew may all be gone.
    const isOfStranger = refusal.kind === "rejected" && refusal.detail === "unknown-committer";
    if (isOfStranger && isActive(state) && state.rejoin.keyPackage !== undefined)
      reportDivergence(tx as ActiveTransaction);
    return refusal;
  }
  let assurance: GroupAssurance | undefined;
  let assuredBy: MemberId | undefined;
  if (isPending(tx) && awaitsConfirmation(tx.state.joining)) {
    const isCounterfeit = tx.state.joining.confirmed !== undefined;
    const confirmed = holdWelcome(tx, welcome, outcome);
    [assurance, assuredBy] = [confirmed?.trust, confirmed?.inviter];
    if (confirmed === undefined) {
      tx.effects.push({ kind: "discardGroup", group });
      return isCounterfeit ? ignored("other-group") : { kind: "buffered", reason: "before-confirmation" };
    }
  }
  tx.effects.push({ kind: "consumeKeyPackage", reference });
  const entered = isActive(state)
    ? await enterAgain(tx as ActiveTransaction, group, admittedBy)
    : enter(tx, state, group);
  const { members } = group;
  const isNamed = isActive(state) || state.joining.groupId !== undefined;
  if (isActive(state)) ({ assurance, assuredBy } = state.sync);
  else if (isFarewell(state)) requestLeave(entered, true);
  update(entered, "sync", { admittedBy, assurance, assuredBy, keyPackage: isNamed ? undefined : reference });
  enterNow(entered);
  // Those that it met before know its signature key, which a new leaf does not change.
  const unmet = isActive(state) ? unmetSince(state, members) : members;
  update(entered, "rejoin", { unmet: unmet.filter((member) => member !== env.self) });
  keepQuiet(entered);
  syncScoredMembers(entered);
  const isOldCopy = isActive(state) ? state.repair.unconfirmed !== undefined : state.joining.resumed;
  if (isOldCopy) beginUnconfirmed(entered);
  // The group may have gone on while a first welcome was lost.
  if (isOldCopy || isActive(state) || state.joining.announcements > 1) requestPackets(entered, "welcome");
  emit(tx, membersChanged(isActive(state) ? state.group.members : [], members));
  trace(tx, { kind: "phase", from: state.phase, to: "working", reason: "welcome" });
  if (state.phase !== "working") emit(tx, { kind: "phaseChanged", phase: "working" });
  return accepted("welcome", undefined);
}

/** Handles a confirmation of the group of an invitation: a joiner that holds the welcome to that group enters it. */
async function receiveConfirmation(tx: LiveTransaction, confirmation: Uint8Array): Promise<InboundOutcome> {
  if (!isPending(tx)) return receiveOthersConfirmation(tx as ActiveTransaction, confirmation);
  const { outcome, welcome } = await takeConfirmation(tx, confirmation);
  if (welcome !== undefined)
    await receiveWelcome(tx, { kind: "invitation_to_join", mlsMessageOutBytes: welcome });
  return outcome;
}

/**
 * Reason not to enter the group of a welcome: it is another one; a member does not prove its identity although the mode
 * requires it; or it replaces the leaf of this member, and a stranger sent it. Key packages are announced in the clear,
 * so anyone can answer one with a group of its own.
 */
async function refusalOf(
  tx: LiveTransaction,
  group: MlsGroup,
  admittedBy: MemberId,
): Promise<InboundOutcome | undefined> {
  const { state } = tx;
  if (group.name !== state.name) return rejected("invalid-welcome", "other-conversation");
  if (isOtherGroup(tx, group.groupId)) return ignored("other-group");
  const { provesIdentities } = compatibilityPolicy(modeOf(group));
  if (provesIdentities && !(await hasProvedMembers(tx, group)))
    return rejected("invalid-welcome", "unproved-identity");
  if (!isActive(state)) {
    // Anyone can add key packages of other conversations to a group, so they count as no company.
    const hasForeigners = provesIdentities && group.roster.some((leaf) => isBoundElsewhere(leaf, group));
    return hasForeigners ? rejected("invalid-welcome", "other-group") : undefined;
  }
  // A majority went on to that epoch: another one of its number is of a lesser branch.
  if (group.epoch <= (state.rejoin.certifiedEpoch ?? -1n)) return rejected("invalid-welcome", "past-epoch");
  const [known, shown] = [state.group, group].map((each) => rosterEntryOf(each, admittedBy));
  // All members of `group` have proved their keys above.
  const isKnown = known !== undefined && shown !== undefined && succeedsKey(shown, known);
  return isKnown && modeOf(group) === state.mode
    ? undefined
    : rejected("invalid-welcome", "unknown-committer");
}

async function hasProvedMembers({ env }: Transaction, { roster }: MlsGroup): Promise<boolean> {
  for (const entry of roster)
    if (!(await provesIdentity(env.plugins.verifier, entry.member, entry))) return false;
  return true;
}

function enter(tx: Transaction, state: PendingJoin, group: MlsGroup): ActiveTransaction {
  const sessions = tx.env.plugins.consensus.empty();
  const entered = enterGroup(tx, joined(state, { mode: modeOf(group), group, sessions }));
  emit(tx, { kind: "joined", epoch: group.epoch, members: group.members });
  return entered;
}

function notJoining(): DemlsError<"already-joined"> {
  return new DemlsError("already-joined", {
    message: "A key package can only be announced while a join is pending.",
    remedy: "No action is needed: this member has joined or left the conversation.",
  });
}

function nothingAnnounced(): DemlsError<"invalid-key-package"> {
  return new DemlsError("invalid-key-package", {
    message: "No key package was announced yet.",
    field: "keyPackage",
    remedy: "Pass one of user.generateKeyPackage().",
  });
}
