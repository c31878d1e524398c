import { endOf, stageOf } from "./answers.js";
import type { AttemptMoment, AttemptState, AttemptStep, Standing } from "./attempt-state.js";
import { clockOffMs } from "./errors.js";
import type { JoinProgress, JoinStage } from "./progress.js";

/** The first progress of every attempt. */
export const FIRST_PROGRESS: JoinProgress = {
  ...{ stage: "checking", elapsedMs: 0, partner: undefined },
  ...{ tally: undefined, over: undefined, leftMs: undefined, clockAheadMs: undefined },
};

/** Tells a progress that differs from the former one. */
export function tell(state: AttemptState, { nowMs, standing }: AttemptMoment): AttemptStep {
  const progress = progressAt(state, stageAt(state, standing), nowMs);
  const isNew = (Object.keys(progress) as (keyof JoinProgress)[]).some(
    (field) => field !== "elapsedMs" && field !== "tally" && progress[field] !== state.progress[field],
  );
  const [before, now] = [state.progress.tally, progress.tally];
  const isCounted = before?.yes !== now?.yes || before?.no !== now?.no || before?.voters !== now?.voters;
  if (!isNew && !isCounted) return { state, effects: [] };
  return { state: { ...state, progress }, effects: [{ kind: "progress", progress }] };
}

function stageAt({ phase, answers, announcing }: AttemptState, standing: Standing): JoinStage {
  if (phase === "reading") return "checking";
  if (phase === "entering") return "subscribing";
  if (standing.kind === "member") return "catching-up";
  if (!standing.hasAnnounced) {
    if (announcing.sinceMs === undefined) return "asking";
    return announcing.lastAtMs === undefined ? "connecting" : "announcing";
  }
  const told = answers.farthest?.readiness.request.state;
  return told === undefined ? "asking" : stageOf(told, standing.holdsWelcome);
}

const NOTHING_KNOWN = { yes: 0, no: 0, voters: 0, millisecondsLeft: 0, state: undefined };

/** Stages that this user knows by itself. */
const OWN_STAGES: ReadonlySet<JoinStage> = new Set([
  "checking",
  "subscribing",
  "asking",
  "catching-up",
  "ready",
]);

/** The progress of an attempt at a stage. */
export function progressAt(state: AttemptState, stage: JoinStage, nowMs: number): JoinProgress {
  const told = OWN_STAGES.has(stage) ? undefined : state.answers.farthest;
  const { yes, no, voters, millisecondsLeft, state: of } = told?.readiness.request ?? NOTHING_KNOWN;
  return {
    ...{ stage, elapsedMs: elapsedMs(state, nowMs), partner: told?.readiness.member },
    tally: stage === "voting" ? { yes, no, voters } : undefined,
    over: endOf(of),
    leftMs: millisecondsLeft > 0 ? millisecondsLeft : undefined,
    clockAheadMs: told && clockOffMs(told),
  };
}

/** Whole milliseconds since an attempt has begun. */
export function elapsedMs({ plan }: AttemptState, nowMs: number): number {
  return Math.round(nowMs - plan.startedAtMs);
}
