import { compareBytes } from "@demls/wire/core";
import type { Consent } from "../model/changes.js";
import { isSameChange, type AddRequest, type ChangeRequest } from "../model/request.js";
import type { ActiveTransaction } from "../model/transaction.js";
import { openVotes } from "./open-votes.js";

/** Addition that is requested, voted on or approved, with the ground on which it is proposed. */
interface AddUnderWay {
  readonly request: ChangeRequest;
  readonly consent?: Consent | undefined;
}

/**
 * Grounds of the additions that come before a given one, where a bound has room for some only. Approved additions come
 * first, then open ones, then buffered ones. Among equals the smaller key package comes first. So members that know the
 * same additions agree, in whatever order these arrived.
 */
export function consentsAhead(tx: ActiveTransaction, request: AddRequest): readonly Consent[] {
  const approved: readonly AddUnderWay[] = tx.state.changes.approved;
  const open: readonly AddUnderWay[] = openVotes(tx);
  const isIn = (adds: readonly AddUnderWay[]): boolean =>
    adds.some((other) => isSameChange(other.request, request));
  const ahead = isIn(approved)
    ? approved.filter((other) => precedes(other, request))
    : [...approved, ...open.filter((other) => precedes(other, request) || !isIn(open))];
  const isBuffered = !isIn(approved) && !isIn(open);
  const before = isBuffered ? [...ahead, ...bufferedBefore(tx, request)] : ahead;
  const found = new Map<string, Consent>();
  for (const { request: other, consent } of before)
    if (other.kind === "add" && consent?.kind === "default" && !isSameChange(other, request))
      found.set(other.member, consent);
  return [...found.values()];
}

function bufferedBefore({ env, state }: ActiveTransaction, request: AddRequest): readonly AddUnderWay[] {
  return [...state.changes.pending.values()]
    .filter((buffered) => buffered.awaitsAdmission === undefined && precedes(buffered, request))
    .map(({ request: other, invitation, sponsor = env.self }) => ({
      request: other,
      consent: { kind: "default", sponsor, invitation, vouched: false, proposedAt: 0n },
    }));
}

function precedes({ request: other }: AddUnderWay, { keyPackage }: AddRequest): boolean {
  return other.kind === "add" && compareBytes(other.keyPackage, keyPackage) < 0;
}
