import { bytesToHex, type MemberId } from "@demls/wire/core";
import { endOf, stageOf, type JoinAnswers } from "./answers.js";
import type { AttemptMoment, AttemptState, AttemptStep, JoinedGroup, Standing } from "./attempt-state.js";
import { clockOffMs } from "./errors.js";
import type { JoinProgress, JoinStage } from "./progress.js";

/** The first progress of every attempt. */
export const FIRST_PROGRESS: JoinProgress = {
  ...{ stage: "checking", elapsedMs: 0, partner: undefined },
  ...{ tally: undefined, over: undefined, leftMs: undefined, clockAheadMs: undefined },
  ...{ backfill: undefined, ackedBy: [] },
};

/** Tells a progress that differs from the former one. */
export function tell(state: AttemptState, moment: AttemptMoment): AttemptStep {
  const progress = progressAt(state, stageAt(state, moment.standing), moment);
  if (contentOf(progress) === contentOf(state.progress)) return { state, effects: [] };
  return { state: { ...state, progress }, effects: [{ kind: "progress", progress }] };
}

/** The parts of a progress whose change is told. */
function contentOf({ tally, backfill, ackedBy, ...progress }: JoinProgress): string {
  const counts = [tally?.yes, tally?.no, tally?.voters, backfill?.applied, backfill?.of];
  const { stage, partner, over, leftMs, clockAheadMs } = progress;
  return [stage, partner, over, leftMs, clockAheadMs, ...counts, ackedBy.length].join();
}

function stageAt({ phase, invitation, answers, announcing }: AttemptState, standing: Standing): JoinStage {
  if (phase === "reading") return "checking";
  if (phase === "identifying") return "identifying";
  if (phase === "entering") return "subscribing";
  if (standing.kind === "member") return "catching-up";
  if (!standing.hasAnnounced) {
    if (announcing.sinceMs === undefined) return "asking";
    return announcing.lastAtMs === undefined ? "connecting" : "announcing";
  }
  const told = answers.farthest?.readiness.request.state;
  if (told !== undefined) return stageOf(told, standing.holdsWelcome);
  return invitation?.mode === "strict" ? "asking" : "announcing";
}

const NOTHING_KNOWN = { yes: 0, no: 0, voters: 0, millisecondsLeft: 0, state: undefined };

/** Stages that this user knows by itself. */
const OWN_STAGES: ReadonlySet<JoinStage> = new Set([
  "checking",
  "identifying",
  "subscribing",
  "asking",
  "catching-up",
  "ready",
]);

/** The progress of an attempt at a stage. */
export function progressAt(
  state: AttemptState,
  stage: JoinStage,
  { nowMs, standing }: AttemptMoment,
): JoinProgress {
  const group = standing.kind === "member" ? standing.group : undefined;
  const told = OWN_STAGES.has(stage) ? undefined : state.answers.farthest;
  // With a clock that is off, this user goes on asking.
  const clocked = stage === "asking" ? state.answers.farthest : told;
  const { yes, no, voters, millisecondsLeft, state: of } = told?.readiness.request ?? NOTHING_KNOWN;
  return {
    ...{ stage, elapsedMs: elapsedMs(state, nowMs), partner: told?.readiness.member },
    tally: stage === "voting" ? { yes, no, voters } : undefined,
    over: endOf(of),
    leftMs: millisecondsLeft > 0 ? millisecondsLeft : undefined,
    clockAheadMs: clocked && clockOffMs(clocked),
    backfill: group && backfillOf(group, state.answers),
    ackedBy: group === undefined ? [] : acksOf(group, state.answers),
  };
}

/** Messages of the epoch that a joiner has, of those that are known. */
function backfillOf(group: JoinedGroup, { last }: JoinAnswers): JoinProgress["backfill"] {
  const { head, applied, missing, members } = group;
  const told = [...last].flatMap(([member, { readiness }]) =>
    bytesToHex(readiness.head) === head && members.includes(member) ? [readiness.appliedMessages] : [],
  );
  return { applied: applied.messages - missing, of: Math.max(applied.messages, ...told) };
}

/** Members that have signed that they are in this member's epoch. */
export function acksOf(
  { self, head, heard, members }: JoinedGroup,
  { last }: JoinAnswers,
): readonly MemberId[] {
  const answering = [...last].flatMap(([member, { readiness }]) =>
    bytesToHex(readiness.head) === head ? [member] : [],
  );
  const present = new Set(members);
  return [...new Set([...heard, ...answering])].filter((member) => present.has(member) && member !== self);
}

/** Whole milliseconds since an attempt has begun. */
export function elapsedMs({ plan }: AttemptState, nowMs: number): number {
  return Math.round(nowMs - plan.startedAtMs);
}
