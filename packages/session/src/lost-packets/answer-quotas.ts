import { bytesToHex, type MemberId } from "@demls/wire/core";
import { LIMITS } from "../model/limits.js";
import { appendBounded } from "../model/persistent-collections.js";
import type { AnswerQuota } from "../model/repair.js";
import type { ActiveTransaction } from "../model/transaction.js";
import { update } from "../model/transaction.js";

const MINUTE_MS = 60_000;
const FORMER_MS = 10 * MINUTE_MS;

interface Requester {
  readonly member: MemberId;
  readonly signatureKey: Uint8Array;
}

/** The answers that a requester of some epoch has got lately. */
export function quotaOf(tx: ActiveTransaction, requester: Requester | undefined): AnswerQuota {
  const key = bytesToHex(requester?.signatureKey ?? new Uint8Array(0));
  const isFormer = requester === undefined || !tx.state.group.members.includes(requester.member);
  const known = tx.state.repair.quotas.find((quota) => quota.requester === key);
  if (known?.isFormer === isFormer && !isOver(tx, known)) return known;
  return { requester: key, isFormer, sinceMs: tx.env.nowMs, asked: 0, bytes: 0, answers: 0 };
}

/** Replaces the quota of a requester, and forgets those whose time is over. */
export function chargeQuota(tx: ActiveTransaction, quota: AnswerQuota): void {
  const others = tx.state.repair.quotas.filter(
    (other) => other.requester !== quota.requester && !isOver(tx, other),
  );
  update(tx, "repair", { quotas: appendBounded(others, quota, LIMITS.repairQuotas) });
}

/**
 * Bytes that this member may still send to a requester. All requesters of a kind share a budget. A former member needs
 * little: it gets a multiple of the bytes of its own requests.
 */
export function bytesLeft(tx: ActiveTransaction, { isFormer, asked, bytes }: AnswerQuota): number {
  const alike = tx.state.repair.quotas.filter((other) => other.isFormer === isFormer && !isOver(tx, other));
  const ofAll = alike.reduce((sum, other) => sum + other.bytes, 0);
  if (!isFormer)
    return Math.min(LIMITS.repairBytesPerMinute - bytes, LIMITS.repairBytesOfAllPerMinute - ofAll);
  return Math.min(LIMITS.formerAnswerFactor * asked - bytes, LIMITS.formerAnswerBytes - ofAll);
}

function isOver({ env }: ActiveTransaction, { isFormer, sinceMs }: AnswerQuota): boolean {
  return env.nowMs - sinceMs >= (isFormer ? FORMER_MS : MINUTE_MS);
}
