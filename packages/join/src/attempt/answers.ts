import type { MemberId } from "@demls/wire/core";
import { JOIN_LIMITS } from "../limits.js";
import type { InvitationEnd, Readiness, RequestState } from "../readiness-codec.js";
import type { JoinStage } from "./progress.js";

/** Probes after which a member's answer no longer counts: it may be gone, or parted from the others. */
const FRESH_PROBES = 4;

/** States of a request, the farthest one last. Members learn of one at different times. */
const ORDER: readonly RequestState[] = [
  "none",
  "expired",
  "used-up",
  "revoked",
  "waiting",
  "refused",
  "awaiting-admission",
  "banned",
  "voting",
  "approved",
  "member",
];

/** Whether a state says that the invitation is over. */
export function isEnd(state: RequestState): state is InvitationEnd {
  return state === "expired" || state === "used-up" || state === "revoked";
}

/** Stage of a join whose request has this state. @param holdsWelcome - whether the joiner has a welcome. */
export function stageOf(state: RequestState, holdsWelcome: boolean): JoinStage {
  if (isEnd(state)) return "invitation-over";
  if (state === "none") return "waiting";
  if (state === "member") return holdsWelcome ? "confirming" : "approved";
  return state;
}

/** The end of an invitation that a state tells. */
export function endOf(state: RequestState | undefined): InvitationEnd | undefined {
  return state !== undefined && isEnd(state) ? state : undefined;
}

/** A member's last answer. */
export interface JoinAnswer {
  readonly readiness: Readiness;
  /** Number of the probe that it answers. */
  readonly probe: number;
  /** Milliseconds by which this user's wall clock is ahead of the member's; negative: behind. */
  readonly clockAheadMs: number;
}

/** Answers of members to a joiner. */
export interface JoinAnswers {
  /** The one that answered longest ago first. */
  readonly last: ReadonlyMap<MemberId, JoinAnswer>;
  /** The farthest of the fresh answers. Of equal ones, that of the member that told it before, so that it does not alternate. */
  readonly farthest: JoinAnswer | undefined;
}

/** Those of a joiner without an answer. */
export const NO_ANSWERS: JoinAnswers = { last: new Map(), farthest: undefined };

/** Notes an answer. One that an answer to a later probe has overtaken changes nothing. */
export function noteAnswer({ last, farthest: before }: JoinAnswers, answer: JoinAnswer): JoinAnswers {
  const { member } = answer.readiness;
  const known = last.get(member);
  if (known !== undefined && known.probe > answer.probe) return { last, farthest: before };
  const others = [...last].filter(([other]) => other !== member);
  const all = new Map([...others.slice(1 - JOIN_LIMITS.answeringMembers), [member, answer] as const]);
  const newest = Math.max(...[...all.values()].map(({ probe }) => probe));
  const fresh = [...all.values()].filter(({ probe }) => probe > newest - FRESH_PROBES);
  const shown = before?.readiness.member;
  const farthest = fresh.reduce((best, each) =>
    compare(each, best) > 0 || (compare(each, best) === 0 && each.readiness.member === shown) ? each : best,
  );
  return { last: all, farthest };
}

/** Order of two answers by how far they tell the request to be. */
function compare({ readiness: a }: JoinAnswer, { readiness: b }: JoinAnswer): number {
  const byState = ORDER.indexOf(a.request.state) - ORDER.indexOf(b.request.state);
  return byState === 0 ? a.request.yes + a.request.no - (b.request.yes + b.request.no) : byState;
}
