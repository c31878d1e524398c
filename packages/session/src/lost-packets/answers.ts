import { LIMITS } from "../model/limits.js";
import { appendBounded } from "../model/persistent-collections.js";
import { repairEpochOf, type LoggedPacket, type PendingAnswer, type RepairEpoch } from "../model/repair.js";
import { update, type ActiveTransaction } from "../model/transaction.js";
import { bytesLeft, chargeQuota, quotaOf } from "./answer-quotas.js";
import { answerDelayMs } from "../model/answer-delay.js";
import { hexBytes } from "../model/hex.js";
import { loggedAs, packetsLackedBy, voidsLackedBy } from "./log.js";
import type { Progress } from "./progress.js";
import { transmit } from "./transmit.js";
import { isSameSlot } from "../model/packet-slots.js";
import { ownPosition } from "../model/roster.js";

/** Bytes that an answer adds to the packets in it, at most. */
const ANSWER_FRAME_BYTES = 512;

/**
 * Plans the answer to a request, once. Anyone can replay a request, which must neither postpone its answer nor count
 * again.
 *
 * @returns whether the request is within the bounds of its author. Beyond: it is dropped.
 */
export function planAnswer(
  tx: ActiveTransaction,
  { epoch, roster }: RepairEpoch,
  { requester, nonce, bytes, progress }: Asked,
): boolean {
  const { answers, nonces } = tx.state.repair;
  if (nonces.includes(nonce)) return true;
  const quota = quotaOf(tx, roster[requester]);
  if (quota.answers >= LIMITS.repairAnswersPerMinute || bytesLeft(tx, { ...quota, asked: Infinity }) <= 0)
    return false;
  const dueAtMs = tx.env.nowMs + answerDelayMs(tx.env.random, roster.length);
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
  chargeQuota(tx, { ...quota, answers: quota.answers + 1, asked: quota.asked + bytes });
  return true;
}

/** A request. */
interface Asked {
  /** Position of its author in the roster. */
  readonly requester: number;
  /** In hex. */
  readonly nonce: string;
  /** Length of its packet. */
  readonly bytes: number;
  readonly progress: Progress;
}

/** Notes another member's answer to a request, whose packets this member need not send again. */
export function noteOthersAnswer(tx: ActiveTransaction, nonce: string, packets: readonly Uint8Array[]): void {
  const { answers } = tx.state.repair;
  const pending = answers.find((answer) => answer.nonce === nonce);
  if (pending === undefined) return;
  const quota = quotaOf(tx, repairEpochOf(tx.state.repair, pending.epoch)?.roster[pending.requester]);
  const bytes = packets.reduce((sum, { length }) => sum + length, ANSWER_FRAME_BYTES);
  if (quota.isFormer) chargeQuota(tx, { ...quota, bytes: quota.bytes + bytes });
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
  const quota = quotaOf(tx, repairEpoch.roster[requester]);
  const lacked = packetsLackedBy(tx, epoch, answer)
    .filter(({ slot }) => !heard.some((other) => isSameSlot(slot, other)))
    // Commits and choices tell a former member that it was removed. It needs no more.
    .filter(({ slot }) => !quota.isFormer || slot.kind !== "message");
  // Only this member can tell which of its generations carry no packet.
  const voids = voidsLackedBy(tx, epoch, ownPosition(tx, repairEpoch), answer);
  // Another member has sent everything that this one has.
  if (lacked.length === 0 && voids.length === 0 && isAnswered) return;
  const left = bytesLeft(tx, quota);
  if (left < ANSWER_FRAME_BYTES) return;
  const served = servedOf(lacked, quota.isFormer ? left - ANSWER_FRAME_BYTES : Infinity);
  const payloads = (isChoice: boolean): readonly Uint8Array[] =>
    served.filter(({ slot }) => (slot.kind === "choice") === isChoice).map(({ payload }) => payload);
  const { length } = await transmit(tx, repairEpoch, {
    kind: "served",
    nonce: hexBytes(nonce),
    packets: payloads(false),
    more: served.length < lacked.length,
    epoch: tx.state.group.epoch,
    choices: payloads(true),
    voids,
  });
  chargeQuota(tx, { ...quota, bytes: quota.bytes + length });
}

/** The first packets that fit one answer. A single one fits in any case, unless it exceeds `most`. */
function servedOf(lacked: readonly LoggedPacket[], most: number): readonly LoggedPacket[] {
  const served: LoggedPacket[] = [];
  let bytes = 0;
  for (const entry of lacked) {
    bytes += entry.payload.length;
    const isFull = served.length >= LIMITS.servedPackets || bytes > LIMITS.servedBytes;
    // A single packet leaves room for the frame of an answer.
    if (bytes > most || (isFull && served.length > 0)) break;
    served.push(entry);
  }
  return served;
}
