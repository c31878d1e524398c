import { repairsGaps } from "../model/abilities.js";
import type { GenerationRange } from "@demls/wire";
import type { MemberId } from "@demls/wire/core";
import { LIMITS } from "../model/limits.js";
import { repairEpochOf, voidsOf, type RepairEpoch, type RepairRequest } from "../model/repair.js";
import { emit, note, update, type ActiveTransaction } from "../model/transaction.js";
import { PATIENCE_MS } from "../model/patience.js";
import { mayClose, noteAlone } from "../standing/index.js";
import { loggedCandidates } from "./log.js";
import { lacksChoices, without, type Progress } from "./progress.js";
import { progressOf } from "./progress-of.js";
import { sendReport } from "./reports.js";
import { ownPosition } from "../model/roster.js";

/** Delay of a first request: a packet that is only late arrives meanwhile. */
const FIRST_DELAY_MS = 1_000;

/** Pause in ms between two tries, whatever the other members report. */
const LEAST_PAUSE_MS = 5_000;

/** Delays after a try that stayed without an answer, or whose answer lacked a packet; the last repeats. */
const RETRY_DELAYS_MS = [5_000, 5_000, 5_000, 30_000, 120_000, 300_000];

/** Longest delay while this member waits for another one before it chooses a commit. */
const LONGEST_UNCONFIRMED_MS = 30_000;

/** Number of answers without a packet after which it counts as lost. */
const ANSWERS_UNTIL_LOST = 3;

/** Delay of the request for the rest of an answer that was too large for one packet. */
const REST_DELAY_MS = 500;

/** Most rests that are requested at once: a full log. A hostile member can promise more for ever. */
const RESTS_AT_ONCE = Math.ceil(LIMITS.loggedBytes / LIMITS.servedBytes);

/** Time in which an unreadable packet starts no further request, after one that brought nothing. */
const UNREADABLE_PAUSE_MS = 60_000;

function requestOf({ state }: ActiveTransaction, epoch: bigint): RepairRequest | undefined {
  return state.repair.requests.find((request) => request.epoch === epoch);
}

function replaceRequest(tx: ActiveTransaction, epoch: bigint, request: RepairRequest | undefined): void {
  const others = tx.state.repair.requests.filter((other) => other.epoch !== epoch);
  update(tx, "repair", { requests: request === undefined ? others : [...others, request] });
}

function newRequest(epoch: bigint, dueAtMs: number): RepairRequest {
  return {
    ...{ epoch, dueAtMs, tries: 0, triedAtMs: undefined, answers: 0, rests: 0, nonce: undefined },
    ...{ reported: [], reportedCandidates: [], isOpen: false },
  };
}

/** Requests the packets of a report that this member lacks. */
export function requestReported(tx: ActiveTransaction, repairEpoch: RepairEpoch, other: Progress): void {
  const { epoch } = repairEpoch;
  const request = requestOf(tx, epoch) ?? newRequest(epoch, tx.env.nowMs + FIRST_DELAY_MS);
  const { reported, reportedCandidates, isOpen, dueAtMs, triedAtMs = -Infinity } = request;
  const own = progressOf(tx, repairEpoch);
  // The author is there now and can answer, whatever the delay after earlier tries.
  const soonMs = Math.max(tx.env.nowMs + FIRST_DELAY_MS, triedAtMs + LEAST_PAUSE_MS);
  replaceRequest(tx, epoch, {
    ...request,
    dueAtMs: Math.min(dueAtMs, soonMs),
    isOpen: isOpen || (own !== undefined && lacksChoices(own, other)),
    reported: other.next.map((next, position) => Math.max(next, reported[position] ?? 0)),
    reportedCandidates: [...new Set([...reportedCandidates, ...other.candidates])].slice(
      -LIMITS.repairCandidates,
    ),
  });
}

/** Requests everything that another member has, after a report that shows nothing more: it may be able to answer now. */
export function requestHeight(tx: ActiveTransaction, repairEpoch: RepairEpoch, other: Progress): void {
  requestReported(tx, repairEpoch, other);
  const request = requestOf(tx, repairEpoch.epoch);
  if (request !== undefined) replaceRequest(tx, repairEpoch.epoch, { ...request, isOpen: true });
}

/** Requests the skipped generations of an epoch, if there are any. */
export function requestGaps(tx: ActiveTransaction, repairEpoch: RepairEpoch): void {
  const { epoch } = repairEpoch;
  if (requestOf(tx, epoch) !== undefined || gapsOf(tx, repairEpoch).length === 0) return;
  replaceRequest(tx, epoch, newRequest(epoch, tx.env.nowMs + FIRST_DELAY_MS));
}

/** Occasion on which this member asks for all packets that it may lack, without knowing of one. */
export type RequestCause =
  /** A start or a pause. */
  | "start"
  /** A packet that cannot be read. */
  | "unreadable"
  /** A welcome, which may have been under way for long. */
  | "welcome"
  /** A commit that the others have merged without this member: it may have missed packets before it. */
  | "missedCommit";

/** Requests all packets that this member may lack. */
export function requestPackets(tx: ActiveTransaction, cause: RequestCause): void {
  switch (cause) {
    case "start":
      requestAll(tx, 0);
      // The last chat of the epoch before may have been missed, too.
      return requestPastEpoch(tx);
    case "unreadable":
      return requestUnreadable(tx);
    case "welcome":
      return requestAll(tx, 0);
    case "missedCommit":
      return requestPastEpoch(tx);
  }
}

/** Requests everything of the current epoch. */
export function requestAll(tx: ActiveTransaction, delayMs: number): void {
  if (repairsGaps(tx)) requestEpoch(tx, tx.state.group.epoch, delayMs);
}

/** Requests everything of an epoch after a delay, or with an earlier try. */
function requestEpoch(tx: ActiveTransaction, epoch: bigint, delayMs: number): void {
  const dueAtMs = tx.env.nowMs + delayMs;
  const request = requestOf(tx, epoch) ?? newRequest(epoch, dueAtMs);
  replaceRequest(tx, epoch, { ...request, dueAtMs: Math.min(request.dueAtMs, dueAtMs), isOpen: true });
}

/** Requests the choices and commits of the forks: a member on another branch may be there. */
function requestForks(tx: ActiveTransaction): void {
  for (const epoch of tx.state.branches.forks.keys()) requestEpoch(tx, epoch, FIRST_DELAY_MS);
}

/** Requests everything of the epoch before the current one. */
function requestPastEpoch(tx: ActiveTransaction): void {
  const past = tx.state.repair.epochs.at(-2);
  if (past !== undefined && past.roster.length > 1) requestEpoch(tx, past.epoch, 0);
}

/** Whether packets of the epoch before may still arrive that this member could not open after another merge. */
export function awaitsPastEpoch(tx: ActiveTransaction): boolean {
  const past = tx.state.repair.epochs.at(-2);
  if (past === undefined || tx.env.nowMs - tx.state.epoch.enteredAtMs >= PATIENCE_MS) return false;
  const request = requestOf(tx, past.epoch);
  return request !== undefined && (request.isOpen || gapsOf(tx, past).length > 0);
}

/**
 * Requests everything of the current epoch and of the forks because a packet cannot be read: it may belong to a later
 * epoch or another branch. Anyone can forge such a packet, so requests that bring nothing are rare.
 */
function requestUnreadable(tx: ActiveTransaction): void {
  const { nowMs } = tx.env;
  const { unreadableAfterMs } = tx.state.repair;
  // While this member is alone, a later epoch cannot exist.
  const isAlone = tx.state.group.members.length === 1 && tx.state.branches.forks.size === 0;
  if (isAlone || tx.state.repair.epochs.length === 0) return;
  if (nowMs < unreadableAfterMs) return;
  // With the request, so that a member that is there answers it.
  noteAlone(tx);
  update(tx, "repair", { unreadableAfterMs: nowMs + UNREADABLE_PAUSE_MS });
  requestAll(tx, FIRST_DELAY_MS);
  requestForks(tx);
}

/**
 * Updates a request after an answer to it.
 *
 * @returns whether the answer is complete.
 */
export function noteAnswer(
  tx: ActiveTransaction,
  epoch: bigint,
  nonce: string,
  isComplete: boolean,
): boolean {
  const request = requestOf(tx, epoch);
  if (request?.nonce !== nonce) return false;
  if (!isComplete) {
    if (request.rests >= RESTS_AT_ONCE) return false;
    const dueAtMs = tx.env.nowMs + REST_DELAY_MS;
    replaceRequest(tx, epoch, { ...request, tries: 0, rests: request.rests + 1, dueAtMs });
    return false;
  }
  // Further answers may follow; the next try sees whether a packet is still missing.
  replaceRequest(tx, epoch, { ...request, answers: request.answers + 1, nonce: undefined, isOpen: false });
  return true;
}

/** Generations of an epoch that this member lacks and that may still arrive. Own ones may never have been sealed. */
function gapsOf(tx: ActiveTransaction, repairEpoch: RepairEpoch): readonly GenerationRange[] {
  const { env, state } = tx;
  const { epoch } = repairEpoch;
  const own = ownPosition(tx, repairEpoch);
  const skipped = env.plugins.mls.received(state.group, epoch)?.skipped ?? [];
  const others = skipped.filter(({ position }) => position !== own);
  return others.length === 0 ? [] : without(others, voidsOf(state.repair, epoch));
}

/** Sends the requests that are due, and ends those that are satisfied or hopeless. */
export async function runRequests(tx: ActiveTransaction): Promise<void> {
  const due = tx.state.repair.requests.filter(({ dueAtMs }) => dueAtMs <= tx.env.nowMs);
  for (const request of due) await runRequest(tx, request);
}

async function runRequest(tx: ActiveTransaction, request: RepairRequest): Promise<void> {
  const { epoch, tries, answers, isOpen } = request;
  const repairEpoch = repairEpochOf(tx.state.repair, epoch);
  const progress = repairEpoch && progressOf(tx, repairEpoch);
  if (repairEpoch === undefined || progress === undefined) return replaceRequest(tx, epoch, undefined);
  const gaps = gapsOf(tx, repairEpoch);
  const isBehind =
    request.reported.some((next, position) => next > (progress.next[position] ?? 0)) ||
    request.reportedCandidates.some((id) => !progress.candidates.includes(id));
  if (gaps.length === 0 && !isBehind && !isOpen) return replaceRequest(tx, epoch, undefined);
  if (answers >= ANSWERS_UNTIL_LOST) {
    giveUp(tx, repairEpoch);
    giveUpCandidates(tx, request);
    return replaceRequest(tx, epoch, undefined);
  }
  const nonce = await sendReport(tx, repairEpoch, true);
  const usualMs = RETRY_DELAYS_MS[Math.min(tries + answers, RETRY_DELAYS_MS.length - 1)] ?? 0;
  const delayMs = mayClose(tx) ? usualMs : Math.min(usualMs, LONGEST_UNCONFIRMED_MS);
  const { nowMs } = tx.env;
  replaceRequest(tx, epoch, {
    ...request,
    ...{ nonce, tries: tries + 1, triedAtMs: nowMs, dueAtMs: nowMs + delayMs },
  });
}

/**
 * Counts candidates that no answer has brought as refused. Members report those that they could not take too, and cannot
 * serve them: otherwise each report would start a request again.
 */
function giveUpCandidates(tx: ActiveTransaction, { epoch, reportedCandidates }: RepairRequest): void {
  if (epoch !== tx.state.group.epoch) return;
  const { refused } = tx.state.commit;
  const known = [...refused, ...loggedCandidates(tx, epoch)];
  const lost = reportedCandidates.filter((id) => !known.includes(id));
  if (lost.length > 0) note(tx, { kind: "candidatesLost", ids: lost });
}

/** Counts the missing generations of an epoch as lost, and emits `missed` for each sender. */
export function giveUp(tx: ActiveTransaction, repairEpoch: RepairEpoch): void {
  const { epoch, roster } = repairEpoch;
  const gaps = gapsOf(tx, repairEpoch);
  if (gaps.length === 0) return;
  addVoids(
    tx,
    gaps.map((gap) => ({ ...gap, epoch })),
  );
  const lost = new Map<MemberId, number>();
  for (const { position, count } of gaps) {
    const sender = roster[position]?.member;
    if (sender !== undefined) lost.set(sender, (lost.get(sender) ?? 0) + count);
  }
  for (const [sender, count] of lost) emit(tx, { kind: "missed", sender, count, epoch });
}

/** Notes generations that carry no packet. Those noted longest ago are forgotten beyond the bound. */
export function addVoids(tx: ActiveTransaction, added: RepairVoids): void {
  const { voids } = tx.state.repair;
  const isKnown = (each: RepairVoids[number]): boolean =>
    voids.some(
      ({ epoch, position, from, count }) =>
        epoch === each.epoch &&
        position === each.position &&
        from <= each.from &&
        from + count >= each.from + each.count,
    );
  const fresh = added.filter((each) => !isKnown(each));
  if (fresh.length > 0) update(tx, "repair", { voids: [...voids, ...fresh].slice(-LIMITS.repairVoids) });
}

type RepairVoids = ActiveTransaction["state"]["repair"]["voids"];
