import { bytesToHex } from "@demls/wire/core";
import type { Invitation } from "../invitation.js";
import { isEnd, NO_ANSWERS, noteAnswer } from "./answers.js";
import { acksOf, elapsedMs, FIRST_PROGRESS, progressAt, tell } from "./attempt-progress.js";
import type {
  AttemptEffect,
  AttemptEvent,
  AttemptMoment,
  AttemptOutcome,
  AttemptPlan,
  AttemptState,
  AttemptStep,
  JoinedGroup,
} from "./attempt-state.js";
import { isClockOff, noReadyPeers, notConfirmed, notLetIn } from "./errors.js";
import type { JoinStarted, ReadyReport } from "./progress.js";

/** Interval in ms to the second probe; each further one is half as long again, up to the maximum. */
const INTERVAL_MS = { first: 1_000, max: 10_000 };
/**
 * Time in ms for which a joiner awaits an answer before it announces itself. Nobody answers for an inviter that is gone; its
 * guest may still be let in by hand.
 */
const PATIENCE_MS = 10_000;
/** Time in ms for which a joiner waits for connections before it announces itself, and between two looks at them. */
const CONNECTION_MS = { all: 3_000, look: 200 };
/** Time in ms between two requests for a welcome: members send one again after it at the earliest. */
const WELCOME_INTERVAL_MS = 5_000;

/** State of an attempt that has just begun. */
export function beginAttempt(plan: AttemptPlan): AttemptState {
  return {
    ...{ plan, phase: "reading", invitation: undefined, answers: NO_ANSWERS, started: undefined },
    unansweredUntilMs: Infinity,
    probes: { count: 0, intervalMs: INTERVAL_MS.first, nextAtMs: undefined },
    announcing: { patientUntilMs: Infinity, sinceMs: undefined, lastAtMs: undefined },
    progress: FIRST_PROGRESS,
  };
}

/** Moves an attempt by one event. Pure, but for the random bytes: it neither waits nor sends. The deadline comes first. */
export function stepAttempt(state: AttemptState, event: AttemptEvent, moment: AttemptMoment): AttemptStep {
  if (state.phase === "over") return { state, effects: [] };
  if (moment.nowMs >= endAtMs(state)) return fail(state, errorAtDeadline(state, moment), false);
  switch (event.kind) {
    case "read":
      return goOn(read(state, event.invitation), moment);
    case "identified":
      return goOn({ state: identified(state), effects: [] }, moment);
    case "entered":
      return goOn({ state: entered(state, moment), effects: [] }, moment);
    case "answered":
      return goOn(answered(state, event, moment), moment);
    case "tick":
      return goOn({ state, effects: [] }, moment);
    case "failed":
      return fail(state, event.error, false);
    case "aborted":
      return fail(state, event.reason, true);
  }
}

/** Monotonic time of the next `tick`; `undefined` once the attempt is over. */
export function nextTickMs(state: AttemptState, nowMs: number): number | undefined {
  const { phase, probes, announcing } = state;
  if (phase === "over") return undefined;
  const { patientUntilMs, sinceMs, lastAtMs } = announcing;
  const announceAtMs =
    sinceMs === undefined
      ? patientUntilMs
      : Math.min(sinceMs + CONNECTION_MS.all, nowMs + CONNECTION_MS.look);
  return Math.min(
    endAtMs(state),
    probes.nextAtMs ?? Infinity,
    lastAtMs === undefined ? announceAtMs : Infinity,
  );
}

/** Monotonic time at which the attempt ends at the latest. */
function endAtMs({ plan, answers, unansweredUntilMs }: AttemptState): number {
  return answers.last.size > 0 ? plan.deadlineAtMs : Math.min(plan.deadlineAtMs, unansweredUntilMs);
}

function read(state: AttemptState, invitation: Invitation | undefined): AttemptStep {
  if (state.phase !== "reading") return { state, effects: [] };
  const addresses = state.plan.addresses ?? invitation?.addresses ?? [];
  const dialled: readonly AttemptEffect[] = addresses.length > 0 ? [{ kind: "dial", addresses }] : [];
  return { state: { ...state, phase: "identifying", invitation }, effects: [...dialled, { kind: "enter" }] };
}

function identified(state: AttemptState): AttemptState {
  return state.phase === "identifying" ? { ...state, phase: "entering" } : state;
}

function entered(state: AttemptState, { nowMs }: AttemptMoment): AttemptState {
  if (state.phase !== "identifying" && state.phase !== "entering") return state;
  // There are no answers in `de-mls-3`, nor without an invitation, so none is awaited.
  const isAnswered = state.invitation?.mode === "strict";
  return {
    ...{ ...state, phase: "joining" },
    unansweredUntilMs: isAnswered && !state.plan.retries ? nowMs + PATIENCE_MS : Infinity,
    probes: { ...state.probes, nextAtMs: isAnswered ? nowMs : undefined },
    announcing: { ...state.announcing, patientUntilMs: isAnswered ? nowMs + PATIENCE_MS : nowMs },
  };
}

function answered(
  state: AttemptState,
  { readiness, probe, trust }: Extract<AttemptEvent, { kind: "answered" }>,
  { nowMs, wallMs, standing }: AttemptMoment,
): AttemptStep {
  const { phase, invitation } = state;
  if (phase !== "joining" || invitation === undefined) return { state, effects: [] };
  const clockAheadMs = wallMs - readiness.sentAt * 1_000;
  const noted = { ...state, answers: noteAnswer(state.answers, { readiness, probe, clockAheadMs }) };
  const { member, epoch, appliedMessages: messages, groupId, request } = readiness;
  const head = bytesToHex(readiness.head);
  // A member tells nothing about the group to the holder of an invitation that is over.
  const step = isEnd(request.state)
    ? { state: noted, effects: [] }
    : withStart(noted, nowMs, {
        ...{ conversationId: groupId, syncPartner: member, partnerHead: head },
        partnerApplied: { epoch, messages },
      });
  if (standing.kind === "member") {
    const { group } = standing;
    const isHere = trust === "inviter" && head === group.head && !isAssured(group, invitation);
    return isHere
      ? { ...step, effects: [...step.effects, { kind: "assure", inviter: invitation.inviter }] }
      : step;
  }
  const { lastAtMs = -Infinity } = step.state.announcing;
  const isDue = standing.hasAnnounced && nowMs - lastAtMs >= WELCOME_INTERVAL_MS;
  // The members have added this user, so its welcome is on its way or lost: they send it again.
  return request.state === "member" && isDue
    ? after(step.effects, withAnnouncing(step.state, { lastAtMs: nowMs }, [{ kind: "announce" }]))
    : step;
}

/** Notes the first sign of a member. */
function withStart(state: AttemptState, nowMs: number, first: Omit<JoinStarted, "elapsedMs">): AttemptStep {
  if (state.started !== undefined) return { state, effects: [] };
  const report = { ...first, elapsedMs: elapsedMs(state, nowMs) };
  return { state: { ...state, started: report }, effects: [{ kind: "started", report }] };
}

/** Does what is due by now. */
function goOn(before: AttemptStep, moment: AttemptMoment): AttemptStep {
  let step = before;
  for (const part of [probe, announce, finish, tell]) {
    step = after(step.effects, part(step.state, moment));
    if (step.state.phase === "over") return step;
  }
  return step;
}

/** Asks who is there. */
function probe(state: AttemptState, { nowMs, random }: AttemptMoment): AttemptStep {
  const { count, intervalMs, nextAtMs } = state.probes;
  if (nextAtMs === undefined || nowMs < nextAtMs) return { state, effects: [] };
  // Between three quarters and five quarters of it, so that many joiners do not ask at once.
  const spread = 0.75 + (random.bytes(1)[0] ?? 0) / 512;
  const probes = {
    count: count + 1,
    intervalMs: Math.min(INTERVAL_MS.max, intervalMs * 1.5),
    nextAtMs: nowMs + Math.ceil(intervalMs * spread),
  };
  return { state: { ...state, probes }, effects: [{ kind: "probe", number: probes.count }] };
}

/**
 * Announces this user once a member has answered, so that the answer says what to expect. With a clock that is far off it
 * waits until the clock is set: as a member it would miss votes and reports.
 */
function announce(state: AttemptState, { nowMs, standing, isConnected }: AttemptMoment): AttemptStep {
  const { announcing, answers, phase } = state;
  const isDue = phase === "joining" && (answers.last.size > 0 || nowMs >= announcing.patientUntilMs);
  if (!isDue) return { state, effects: [] };
  if (standing.kind === "member" || standing.hasAnnounced)
    return withAnnouncing(state, { patientUntilMs: Infinity, sinceMs: undefined });
  if (isClockOff(answers)) return withAnnouncing(state, { patientUntilMs: Infinity });
  if (announcing.lastAtMs !== undefined) return { state, effects: [] };
  const sinceMs = announcing.sinceMs ?? nowMs;
  return !isConnected && nowMs < sinceMs + CONNECTION_MS.all
    ? withAnnouncing(state, { sinceMs })
    : withAnnouncing(state, { sinceMs, lastAtMs: nowMs }, [{ kind: "announce" }]);
}

function withAnnouncing(
  state: AttemptState,
  changes: Partial<AttemptState["announcing"]>,
  effects: readonly AttemptEffect[] = [],
): AttemptStep {
  return { state: { ...state, announcing: { ...state.announcing, ...changes } }, effects };
}

/** Ends the attempt if it is where it wants to be. */
function finish(state: AttemptState, moment: AttemptMoment): AttemptStep {
  const { phase, plan, invitation, answers } = state;
  const { nowMs, standing } = moment;
  if (phase !== "joining") return { state, effects: [] };
  if (standing.kind === "outside") {
    const isEnough = plan.until === "started" && state.started !== undefined && standing.hasAnnounced;
    return isEnough ? end(state, { kind: "started" }) : { state, effects: [] };
  }
  const { group } = standing;
  const acks = acksOf(group, answers);
  const [partner] = acks;
  const isConfirmed =
    invitation?.mode !== "strict" || (isAssured(group, invitation) && partner !== undefined);
  const isReady = group.isCaughtUp && isConfirmed;
  const started = isReady
    ? withStart(state, nowMs, {
        ...{ conversationId: group.groupId, syncPartner: partner },
        ...{ partnerHead: partner && group.head, partnerApplied: undefined },
      })
    : { state, effects: [] };
  if (plan.until === "started" && started.state.started !== undefined)
    return after(started.effects, end(started.state, { kind: "started" }));
  if (!isReady) return started;
  const progress = progressAt(state, "ready", moment);
  const report: ReadyReport = {
    ...{ conversationId: group.groupId, finalHead: group.head, appliedThrough: group.applied },
    ...{ membersLearned: group.members.length, ackedBy: acks, trust: group.assurance },
    elapsedMs: elapsedMs(state, nowMs),
  };
  const last = end({ ...started.state, progress }, { kind: "ready", report });
  return after([...started.effects, { kind: "progress", progress }], last);
}

/** Whether this is the group of an invitation, by the word of its inviter. That of another one tells nothing about it. */
function isAssured({ assurance, assuredBy }: JoinedGroup, { inviter }: Invitation): boolean {
  return assurance === "founder" || assuredBy === inviter;
}

function errorAtDeadline(state: AttemptState, { nowMs, standing }: AttemptMoment): unknown {
  if (standing.kind === "member") return notConfirmed();
  const { last, farthest } = state.answers;
  return last.size > 0 ? notLetIn(farthest) : noReadyPeers(elapsedMs(state, nowMs));
}

function fail(state: AttemptState, error: unknown, withdraws: boolean): AttemptStep {
  return end(state, { kind: "failed", error, withdraws });
}

function end(state: AttemptState, outcome: AttemptOutcome): AttemptStep {
  return { state: { ...state, phase: "over" }, effects: [{ kind: "end", outcome }] };
}

function after(effects: readonly AttemptEffect[], { state, effects: more }: AttemptStep): AttemptStep {
  return { state, effects: [...effects, ...more] };
}
