import {
  bytesToHex,
  concatBytes,
  memberIdToBytes,
  type MemberId,
  type PacketVerdict,
} from "@demls/wire/core";
import { sha256 } from "@noble/hashes/sha2.js";
import type { Invitation } from "../invitation.js";
import { JOIN_LIMITS } from "../limits.js";
import {
  MAX_PROBE_AGE_SECONDS,
  MAX_PROBE_BYTES,
  MIN_PROBE_BYTES,
  readProbe,
  type JoinProbe,
} from "../probe.js";
import { READINESS_BYTES } from "../readiness-codec.js";
import { isAnswerTo } from "../readiness-seal.js";
import type { MemberKnowledge } from "./knowledge.js";

/** Time in ms that each further member waits for the answers of those before it: most members may be away. */
const TURN_MS = 500;

/** A probe whose turn at this member has not come. */
export interface WaitingProbe {
  readonly probe: JoinProbe;
  /** Monotonic time of its turn. */
  readonly dueAtMs: number;
}

/** State of a member that answers joiners: what it has spent on them, and which probes wait. A plain value. */
export interface AnswererState {
  /** Signature checks of probes in the current second. */
  readonly checks: { readonly second: number; readonly count: number };
  /** Answers in the current minute, by invitation. */
  readonly answers: { readonly minute: number; readonly byInvitation: ReadonlyMap<string, number> };
  /** Digests of the probes that were read, in hex, oldest first: one that is delivered again is not answered. */
  readonly read: readonly string[];
  readonly waiting: readonly WaitingProbe[];
}

/** State of a member that no joiner has asked. */
export const NO_PROBES: AnswererState = {
  checks: { second: -1, count: 0 },
  answers: { minute: -1, byInvitation: new Map() },
  read: [],
  waiting: [],
};

/**
 * Event of a member that answers:
 *
 * - `packet`: a packet of the joiners and of other members came
 * - `verified`: the inviter has signed the invitation of a probe
 * - `tick`: time has passed
 */
export type AnswererEvent =
  | { readonly kind: "packet"; readonly payload: Uint8Array }
  | { readonly kind: "verified"; readonly probe: JoinProbe }
  | { readonly kind: "tick" };

/**
 * Effect of a member that answers, which its surroundings carry out:
 *
 * - `verify`: check the inviter's signature of the probe's invitation, and go on with `verified` if it is good
 * - `answer`: seal this member's readiness for the probe, and publish it
 */
export type AnswererEffect =
  | { readonly kind: "verify"; readonly probe: JoinProbe }
  | { readonly kind: "answer"; readonly probe: JoinProbe };

/** The moment of a step. */
export interface AnswererMoment {
  /** Monotonic time in ms. */
  readonly nowMs: number;
  /** Wall clock, whole seconds since the Unix epoch. */
  readonly nowSeconds: number;
  /** Present knowledge of the member; `undefined` while it can answer nobody. */
  readonly knowledge: MemberKnowledge | undefined;
}

/** Result of a step. */
export interface AnswererStep {
  readonly state: AnswererState;
  readonly effects: readonly AnswererEffect[];
  /** Verdict on the packet of the step, for the transport. */
  readonly verdict?: PacketVerdict;
}

/**
 * Moves a member that answers by one event. Pure: it neither waits nor sends.
 *
 * A probe is answered by its inviter and by one more member, the first of an order that follows from the probe: together at
 * most 1.5 times its length. Each further member answers after a while if it has heard no answer.
 */
export function stepAnswerer(
  state: AnswererState,
  event: AnswererEvent,
  moment: AnswererMoment,
): AnswererStep {
  switch (event.kind) {
    case "packet":
      return takePacket(state, event.payload, moment);
    case "verified":
      return answerOnce(state, event.probe, moment);
    case "tick":
      return takeTurns(state, moment);
  }
}

/** Monotonic time of the next `tick`; `undefined` if no probe waits. */
export function nextTurnMs({ waiting }: AnswererState): number | undefined {
  return waiting.length === 0 ? undefined : Math.min(...waiting.map(({ dueAtMs }) => dueAtMs));
}

function takePacket(state: AnswererState, payload: Uint8Array, moment: AnswererMoment): AnswererStep {
  // An answer, which only the joiner can open: this member need not give one.
  if (payload.length === READINESS_BYTES) {
    const waiting = state.waiting.filter(({ probe }) => !isAnswerTo(payload, probe));
    return { state: { ...state, waiting }, effects: [], verdict: "passed" };
  }
  if (payload.length < MIN_PROBE_BYTES || payload.length > MAX_PROBE_BYTES)
    return { state, effects: [], verdict: "forged" };
  const digest = bytesToHex(sha256(payload));
  if (state.read.includes(digest)) return { state, effects: [], verdict: "unjudged" };
  const checked = withCheck(state, moment);
  if (checked.checks.count > JOIN_LIMITS.probeChecksPerSecond)
    return { state: checked, effects: [], verdict: "unjudged" };
  const read = readProbe(payload);
  if (!read.ok) {
    const verdict = read.reason === "version" ? "unjudged" : "forged";
    return { state: checked, effects: [], verdict };
  }
  return { ...consider(withRead(checked, digest), read.probe, moment), verdict: "passed" };
}

/** Answers a probe that its holder has signed, at once or in this member's turn. */
function consider(state: AnswererState, probe: JoinProbe, moment: AnswererMoment): AnswererStep {
  const turn = turnOf(probe, moment);
  if (turn === 0) return { state, effects: [{ kind: "verify", probe }] };
  if (turn === undefined || state.waiting.length >= JOIN_LIMITS.waitingProbes) return { state, effects: [] };
  const waiting = [...state.waiting, { probe, dueAtMs: moment.nowMs + turn * TURN_MS }];
  return { state: { ...state, waiting }, effects: [] };
}

function takeTurns(state: AnswererState, moment: AnswererMoment): AnswererStep {
  const isDue = ({ dueAtMs }: WaitingProbe): boolean => dueAtMs <= moment.nowMs;
  return {
    state: { ...state, waiting: state.waiting.filter((each) => !isDue(each)) },
    effects: state.waiting
      .filter((each) => isDue(each) && isGood(each.probe, moment))
      .map(({ probe }) => ({ kind: "verify", probe })),
  };
}

/** Anyone can make an invitation and sign probes by it: only those of a member's own cost the budget. */
function answerOnce(state: AnswererState, probe: JoinProbe, moment: AnswererMoment): AnswererStep {
  const spent = isGood(probe, moment) ? withAnswer(state, probe.invitation, moment) : undefined;
  return spent === undefined
    ? { state, effects: [] }
    : { state: spent, effects: [{ kind: "answer", probe }] };
}

/** Counts a check of a signature. */
function withCheck(state: AnswererState, { nowMs }: AnswererMoment): AnswererState {
  const second = Math.floor(nowMs / 1_000);
  const count = state.checks.second === second ? state.checks.count + 1 : 1;
  return { ...state, checks: { second, count } };
}

/** Counts an answer; `undefined` if the budget is spent. */
function withAnswer(
  state: AnswererState,
  { inviter, id }: Invitation,
  { nowMs }: AnswererMoment,
): AnswererState | undefined {
  const minute = Math.floor(nowMs / 60_000);
  const answers = state.answers.minute === minute ? state.answers.byInvitation : new Map<string, number>();
  // Anyone can name any id as that of its own invitation.
  const key = `${inviter}/${id}`;
  const own = answers.get(key) ?? 0;
  const all = [...answers.values()].reduce((sum, each) => sum + each, 0);
  if (own >= JOIN_LIMITS.probesPerInvitation || all >= JOIN_LIMITS.probesPerMinute) return undefined;
  return { ...state, answers: { minute, byInvitation: new Map([...answers, [key, own + 1]]) } };
}

function withRead(state: AnswererState, digest: string): AnswererState {
  return { ...state, read: [...state.read, digest].slice(-JOIN_LIMITS.readProbes) };
}

/** Whether the holder of this invitation gets an answer from this member. */
function isGood({ invitation, sentAt }: JoinProbe, { nowSeconds, knowledge }: AnswererMoment): boolean {
  return (
    knowledge !== undefined &&
    invitation.groupId === knowledge.groupId &&
    knowledge.members.includes(invitation.inviter) &&
    Math.abs(nowSeconds - sentAt) <= MAX_PROBE_AGE_SECONDS
  );
}

/**
 * Number of members that answer before this one: none before the inviter, nor before the first in the probe's order. `undefined`
 * if this one does not answer.
 */
function turnOf(probe: JoinProbe, moment: AnswererMoment): number | undefined {
  const { knowledge } = moment;
  if (knowledge === undefined || !isGood(probe, moment)) return undefined;
  const { invitation, digest } = probe;
  const { self, members } = knowledge;
  if (self === invitation.inviter) return 0;
  const others = members.filter(
    (member) => member !== self && member !== invitation.inviter && !knowledge.isAbsent(member),
  );
  const rankOf = (member: MemberId): string =>
    bytesToHex(sha256(concatBytes(digest, memberIdToBytes(member))));
  const own = rankOf(self);
  return others.filter((member) => rankOf(member) < own).length;
}
