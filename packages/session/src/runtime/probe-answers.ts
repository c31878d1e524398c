import {
  isAnswerTo,
  MAX_PROBE_BYTES,
  MIN_PROBE_BYTES,
  readProbe,
  READINESS_BYTES,
  sealReadiness,
  verifyInvitation,
  type JoinProbe,
} from "@demls/join";
import {
  bytesToHex,
  concatBytes,
  JOIN_SUBTOPIC,
  memberIdToBytes,
  type CancelTimer,
  type Clock,
  type MemberId,
  type Packet,
  type PacketVerdict,
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

/** Time in ms that each further member waits for the answers of those before it: most members may be away. */
const TURN_MS = 500;

/** Answers the probes of joiners for one conversation of this user. Its state is not changed by them. */
export interface ProbeAnswers {
  /** Handles a packet of the subtopic. Never throws. @returns the verdict on it, for the transport. */
  receive(packet: Packet): Promise<PacketVerdict>;
  /** Gives no further answer. */
  close(): void;
}

/** A probe whose turn at this member has not come. */
interface Waiting {
  readonly probe: JoinProbe;
  readonly cancel: CancelTimer;
}

/**
 * Creates the answers of a conversation. A probe is answered by its inviter and by one more member, the first of an order that
 * follows from the probe: together at most 1.5 times its length. Each further member answers after a while if it has heard no
 * answer.
 *
 * @param stateOf - returns the current state of the conversation.
 */
export function createProbeAnswers(context: DriverContext, stateOf: () => ConversationState): ProbeAnswers {
  const budget = createProbeBudget(context.clock);
  /** Digests of the probes that were read, oldest first: one that is delivered again is not answered. */
  const digests = new Set<string>();
  let waiting: readonly Waiting[] = [];

  function remember(id: string): void {
    digests.add(id);
    for (const oldest of digests) {
      if (digests.size <= LIMITS.readProbes) return;
      digests.delete(oldest);
    }
  }

  async function answer(probe: JoinProbe, tx: ActiveTransaction): Promise<void> {
    const { env, state } = tx;
    const readiness = await readinessFor(tx, probe);
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

  /** Answers a probe that is still good. Never throws. */
  async function answerIfGood(probe: JoinProbe): Promise<void> {
    try {
      const state = stateOf();
      if (!isActive(state) || !isGood(transactionOf(context, state), probe)) return;
      if (!(await verifyInvitation(probe.invitation, context.plugins.verifier))) return;
      // Anyone can make an invitation and sign probes by it: only those of a member's own cost the budget.
      if (!budget.spend(invitationKeyOf(probe.invitation))) return;
      // The state that is current now: a group that was replaced meanwhile has no key to sign with.
      const now = stateOf();
      if (isActive(now)) await answer(probe, transactionOf(context, now));
    } catch {
      // The transport failed, or the conversation has ended meanwhile: the joiner asks again.
    }
  }

  function answerInTurn(probe: JoinProbe, turn: number): void {
    const each: Waiting = {
      probe,
      cancel: context.clock.wakeAt(context.clock.monotonicMs() + turn * TURN_MS, () => {
        waiting = waiting.filter((other) => other !== each);
        void answerIfGood(probe);
      }),
    };
    waiting = [...waiting, each];
  }

  /** Answers a probe that its holder has signed, at once or in this member's turn. */
  async function consider(probe: JoinProbe): Promise<void> {
    const state = stateOf();
    if (!isActive(state)) return;
    const tx = transactionOf(context, state);
    if (!isGood(tx, probe)) return;
    const turn = turnOf(tx, probe);
    if (turn === 0) await answerIfGood(probe);
    else if (waiting.length < LIMITS.waitingProbes) answerInTurn(probe, turn);
  }

  /** Another member has answered a probe: this one need not. */
  function noteAnswer(payload: Uint8Array): void {
    const answered = waiting.filter(({ probe }) => isAnswerTo(payload, probe));
    for (const { cancel } of answered) cancel();
    waiting = waiting.filter((each) => !answered.includes(each));
  }

  return {
    async receive({ payload }) {
      // An answer, which only the joiner can open.
      if (payload.length === READINESS_BYTES) {
        noteAnswer(payload);
        return "passed";
      }
      if (payload.length < MIN_PROBE_BYTES || payload.length > MAX_PROBE_BYTES) return "forged";
      const id = bytesToHex(sha256(payload));
      if (digests.has(id) || !budget.mayCheck()) return "unjudged";
      const read = readProbe(payload);
      if (!read.ok) return read.reason === "version" ? "unjudged" : "forged";
      remember(id);
      await consider(read.probe);
      return "passed";
    },
    close() {
      for (const { cancel } of waiting) cancel();
      waiting = [];
    },
  };
}

/** What a member spends on probes. Anyone can send packets, so that only probes of a member's invitation cost the budget. */
interface ProbeBudget {
  /** Whether one more signature may be checked. */
  mayCheck(): boolean;
  /** Whether one more probe of an invitation may be answered. */
  spend(invitation: string): boolean;
}

function createProbeBudget(clock: Clock): ProbeBudget {
  let second = { number: -1, checks: 0 };
  let minute = { number: -1, answers: new Map<string, number>() };
  return {
    mayCheck() {
      const number = Math.floor(clock.monotonicMs() / 1_000);
      second = { number, checks: second.number === number ? second.checks + 1 : 1 };
      return second.checks <= LIMITS.probeChecksPerSecond;
    },
    spend(invitation) {
      const number = Math.floor(clock.monotonicMs() / 60_000);
      if (minute.number !== number) minute = { number, answers: new Map() };
      const { answers } = minute;
      const own = answers.get(invitation) ?? 0;
      const all = [...answers.values()].reduce((sum, each) => sum + each, 0);
      if (own >= LIMITS.probesPerInvitation || all >= LIMITS.probesPerMinute) return false;
      answers.set(invitation, own + 1);
      return true;
    },
  };
}

function transactionOf(context: DriverContext, state: Active): ActiveTransaction {
  return { state, env: environmentOf(context), effects: [] };
}

/** Whether the holder of this invitation gets an answer from this member. */
function isGood(tx: ActiveTransaction, { invitation, sentAt }: JoinProbe): boolean {
  const { env, state } = tx;
  const { group } = state;
  return (
    compatibilityPolicy(state.mode).asksForAdmission &&
    invitation.groupId === group.groupId &&
    group.members.includes(invitation.inviter) &&
    Math.abs(Number(env.nowSeconds) - sentAt) <= MAX_PROBE_AGE_SECONDS &&
    !isCatchingUp(tx)
  );
}

/** Number of members that answer before this one: none before the inviter, nor before the first in the probe's order. */
function turnOf(tx: ActiveTransaction, { invitation, digest }: JoinProbe): number {
  const { self } = tx.env;
  if (self === invitation.inviter) return 0;
  const others = tx.state.group.members.filter(
    (member) => member !== self && member !== invitation.inviter && !isAbsent(tx, member),
  );
  const rankOf = (member: MemberId): string =>
    bytesToHex(sha256(concatBytes(digest, memberIdToBytes(member))));
  const own = rankOf(self);
  return others.filter((member) => rankOf(member) < own).length;
}
