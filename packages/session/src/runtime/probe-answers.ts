import { MIN_PROBE_BYTES, readProbe, sealReadiness, verifyInvitation, type JoinProbe } from "@demls/join";
import {
  bytesToHex,
  concatBytes,
  JOIN_SUBTOPIC,
  memberIdToBytes,
  type MemberId,
  type Packet,
} from "@demls/wire/core";
import { sha256 } from "@noble/hashes/sha2.js";
import { readinessFor } from "../join/readiness.js";
import { compatibilityPolicy } from "../model/compatibility.js";
import { invitationKeyOf } from "../model/invitations.js";
import { LIMITS } from "../model/limits.js";
import { isActive, type Active, type ConversationState } from "../model/state.js";
import type { ActiveTransaction } from "../model/transaction.js";
import { isCatchingUp } from "../repair/catch-up.js";
import { isAbsent } from "../repair/presence.js";
import { environmentOf, type DriverContext } from "./driver-context.js";

/** Maximum age of a probe and of its answers in seconds, to either side: the clocks of a joiner and of a member differ. */
export const MAX_PROBE_AGE_SECONDS = 7_200;

/** Answers the probes of joiners for one conversation of this user. Its state is not changed by them. */
export interface ProbeAnswers {
  /** Handles a packet of the subtopic. Never throws. */
  receive(packet: Packet): Promise<void>;
}

/**
 * Creates the answers of a conversation. A probe is answered by its inviter and by one more member, whose turn follows from
 * the probe: together at most 1.5 times its length.
 *
 * @param stateOf - returns the current state of the conversation.
 */
export function createProbeAnswers(context: DriverContext, stateOf: () => ConversationState): ProbeAnswers {
  /** Digests of the probes that were read, oldest first: one that is delivered again is not answered. */
  let digests: readonly string[] = [];
  let budget = { minute: -1, left: 0 };

  function isWithinBudget(): boolean {
    const minute = Math.floor(context.clock.monotonicMs() / 60_000);
    if (budget.minute !== minute) budget = { minute, left: LIMITS.probesPerMinute };
    budget = { minute, left: budget.left - 1 };
    return budget.left >= 0;
  }

  /** Whether a probe is read for the first time. */
  function isNew({ digest }: JoinProbe): boolean {
    const id = bytesToHex(digest);
    if (digests.includes(id)) return false;
    digests = [...digests, id].slice(-LIMITS.readProbes);
    return true;
  }

  async function answer(probe: JoinProbe, tx: ActiveTransaction): Promise<void> {
    const { env, state } = tx;
    const readiness = await readinessFor(tx, probe.keyPackageReference);
    if (readiness === undefined) return;
    const known = state.invitations.known.get(invitationKeyOf(probe.invitation));
    const { mls } = env.plugins;
    const payload = await sealReadiness(probe, readiness, {
      memberKey: known !== undefined && known.memberKey.length > 0 ? known.memberKey : undefined,
      sign: (label, content) => mls.sign(state.group, label, content),
      seal: (...parts) => mls.hpkeSeal(...parts),
    });
    const packet = { payload, subtopic: JOIN_SUBTOPIC, conversationId: state.name, appId: env.appId };
    await context.transport.publish(packet);
  }

  return {
    async receive({ payload }) {
      const state = stateOf();
      // The answers of others are shorter.
      if (!isActive(state) || payload.length < MIN_PROBE_BYTES || !isWithinBudget()) return;
      try {
        const read = readProbe(payload);
        if (!read.ok || !isNew(read.probe)) return;
        const { probe } = read;
        const tx = transactionOf(context, state);
        if (!isGood(tx, probe) || !isAnswerer(tx, probe)) return;
        const { verifier } = context.plugins;
        if (!(await verifyInvitation(probe.invitation, verifier))) return;
        // The state that is current now: a group that was replaced meanwhile has no key to sign with.
        const now = stateOf();
        if (isActive(now)) await answer(probe, transactionOf(context, now));
      } catch {
        // The transport failed, or the conversation has ended meanwhile: the joiner asks again.
      }
    },
  };
}

function transactionOf(context: DriverContext, state: Active): ActiveTransaction {
  return { state, env: environmentOf(context), effects: [] };
}

/** Whether the holder of this invitation learns from this member what it sees of the group. */
function isGood(tx: ActiveTransaction, { invitation, sentAt }: JoinProbe): boolean {
  const { env, state } = tx;
  const { group } = state;
  const known = state.invitations.known.get(invitationKeyOf(invitation));
  return (
    compatibilityPolicy(state.mode).asksForAdmission &&
    invitation.groupId === group.groupId &&
    group.members.includes(invitation.inviter) &&
    known?.revoked !== true &&
    Math.abs(Number(env.nowSeconds) - sentAt) <= MAX_PROBE_AGE_SECONDS &&
    !isCatchingUp(tx)
  );
}

/** Whether it is this member's turn: it is the inviter, or the first in an order of the present members that the probe draws. */
function isAnswerer(tx: ActiveTransaction, { invitation, digest }: JoinProbe): boolean {
  const { self } = tx.env;
  if (self === invitation.inviter) return true;
  const others = tx.state.group.members.filter(
    (member) => member !== invitation.inviter && !isAbsent(tx, member),
  );
  const rankOf = (member: MemberId): string =>
    bytesToHex(sha256(concatBytes(digest, memberIdToBytes(member))));
  const own = rankOf(self);
  return others.every((member) => member === self || rankOf(member) > own);
}
