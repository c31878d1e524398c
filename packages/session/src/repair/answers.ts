import { bytesToHex } from "@demls/wire/core";
import { LIMITS } from "../model/limits.js";
import { appendBounded } from "../model/persistent-collections.js";
import {
  repairEpochOf,
  type AnswerQuota,
  type LoggedPacket,
  type PendingAnswer,
  type RepairEpoch,
} from "../model/repair.js";
import { update, type ActiveTransaction } from "../model/transaction.js";
import { answerDelayMs } from "./answer-delay.js";
import { hexBytes } from "./hex.js";
import { isSameSlot, loggedAs, packetsLackedBy, voidsLackedBy } from "./log.js";
import type { Progress } from "./progress.js";
import { ownPosition } from "./progress-of.js";
import { transmit } from "./transmit.js";

const MINUTE_MS = 60_000;

/**
 * Plans the answer to a request, once. Anyone can replay a request, which must neither postpone its answer nor count
 * again.
 *
 * @returns whether the request is within the bounds of its author. Beyond: it is dropped.
 */
export function planAnswer(
  tx: ActiveTransaction,
  { epoch, roster }: RepairEpoch,
  requester: number,
  nonce: string,
  progress: Progress,
): boolean {
  const { answers, nonces } = tx.state.repair;
  if (nonces.includes(nonce)) return true;
  const key = requesterKey(roster, requester);
  const quota = quotaOf(tx, key);
  if (quota.answers >= LIMITS.repairAnswersPerMinute || quota.bytes >= LIMITS.repairBytesPerMinute)
    return false;
  const dueAtMs = tx.env.nowMs + answerDelayMs(tx, roster.length);
  const answer: PendingAnswer = {
    epoch,
    nonce,
    requester,
    dueAtMs,
    isAnswered: false,
    heard: [],
    ...progress,
  };
  // A newer request of a member replaces its older one.
  const others = answers.filter((other) => other.epoch !== epoch || other.requester !== requester);
  update(tx, "repair", {
    answers: appendBounded(others, answer, LIMITS.repairAnswers),
    nonces: appendBounded(nonces, nonce, LIMITS.repairNonces),
  });
  chargeQuota(tx, { ...quota, answers: quota.answers + 1 });
  return true;
}

/** Notes another member's answer to a request, whose packets this member need not send again. */
export function noteOthersAnswer(tx: ActiveTransaction, nonce: string, packets: readonly Uint8Array[]): void {
  const { answers } = tx.state.repair;
  if (!answers.some((answer) => answer.nonce === nonce)) return;
  const noted = answers.map((answer) => {
    if (answer.nonce !== nonce) return answer;
    const slots = packets.flatMap((payload) => loggedAs(tx, answer.epoch, payload)?.slot ?? []);
    return { ...answer, isAnswered: true, heard: [...answer.heard, ...slots].slice(-LIMITS.loggedPackets) };
  });
  update(tx, "repair", { answers: noted });
}

/** Sends the answers that are due. */
export async function runAnswers(tx: ActiveTransaction): Promise<void> {
  const due = tx.state.repair.answers.filter(({ dueAtMs }) => dueAtMs <= tx.env.nowMs);
  if (due.length === 0) return;
  update(tx, "repair", { answers: tx.state.repair.answers.filter((answer) => !due.includes(answer)) });
  for (const answer of due) await sendAnswer(tx, answer);
}

async function sendAnswer(tx: ActiveTransaction, answer: PendingAnswer): Promise<void> {
  const { epoch, nonce, requester, heard, isAnswered } = answer;
  const repairEpoch = repairEpochOf(tx.state.repair, epoch);
  if (repairEpoch === undefined) return;
  const lacked = packetsLackedBy(tx, epoch, answer).filter(
    ({ slot }) => !heard.some((other) => isSameSlot(slot, other)),
  );
  // Only this member can tell which of its generations carry no packet.
  const voids = voidsLackedBy(tx, epoch, ownPosition(tx, repairEpoch), answer);
  // Another member has sent everything that this one has.
  if (lacked.length === 0 && voids.length === 0 && isAnswered) return;
  const quota = quotaOf(tx, requesterKey(repairEpoch.roster, requester));
  const served: LoggedPacket[] = [];
  let bytes = 0;
  for (const entry of lacked) {
    const isFull = served.length >= LIMITS.servedPackets || bytes + entry.payload.length > LIMITS.servedBytes;
    // A single packet fits in any case: it leaves room for the frame of an answer.
    if (isFull && served.length > 0) break;
    served.push(entry);
    bytes += entry.payload.length;
  }
  chargeQuota(tx, { ...quota, bytes: quota.bytes + bytes });
  const payloads = (isChoice: boolean): readonly Uint8Array[] =>
    served.filter(({ slot }) => (slot.kind === "choice") === isChoice).map(({ payload }) => payload);
  await transmit(tx, repairEpoch, {
    kind: "served",
    nonce: hexBytes(nonce),
    packets: payloads(false),
    more: served.length < lacked.length,
    epoch: tx.state.group.epoch,
    choices: payloads(true),
    voids,
  });
}

function requesterKey(roster: RepairEpoch["roster"], position: number): string {
  return bytesToHex(roster[position]?.signatureKey ?? new Uint8Array(0));
}

function quotaOf({ env, state }: ActiveTransaction, requester: string): AnswerQuota {
  const quota = state.repair.quotas.find((known) => known.requester === requester);
  if (quota !== undefined && env.nowMs - quota.sinceMs < MINUTE_MS) return quota;
  return { requester, sinceMs: env.nowMs, bytes: 0, answers: 0 };
}

function chargeQuota(tx: ActiveTransaction, quota: AnswerQuota): void {
  const others = tx.state.repair.quotas.filter(
    ({ requester, sinceMs }) => requester !== quota.requester && tx.env.nowMs - sinceMs < MINUTE_MS,
  );
  update(tx, "repair", { quotas: appendBounded(others, quota, LIMITS.repairQuotas) });
}
