import { asksForAdmission } from "../model/abilities.js";
import { keepArrivals } from "../admission/index.js";
import { DemlsError, memberIdFromBytes, memberIdToBytes, type MemberId } from "@demls/wire/core";
import { sealAndEnqueue } from "../messages/send.js";
import { accepted, ignored, type InboundOutcome } from "../model/inbound-outcome.js";
import { withEntry } from "../model/persistent-collections.js";
import { emit, type ActiveTransaction } from "../model/transaction.js";
import { isNewcomer, settledAmong } from "./newcomers.js";
import { notCaughtUp } from "./not-caught-up.js";
import { standingOf } from "../standing/index.js";

/** Whether more than half of the settled members have confirmed a newcomer, as far as this member knows. */
export function isConfirmed(tx: ActiveTransaction, member: MemberId): boolean {
  const settled = settledAmong(tx, tx.state.group.members).filter((other) => other !== member);
  const confirmedBy = tx.state.admission.arrivals.get(member)?.confirmedBy ?? [];
  return 2 * settled.filter((other) => confirmedBy.includes(other)).length > settled.length;
}

/**
 * Confirms a newcomer here and at the other members. With the next commit after more than half of the settled members have
 * done so, its probation is over.
 *
 * @throws DemlsError `wrong-mode`, `not-a-newcomer`, `on-probation` if this member is a newcomer itself, `wrong-phase`.
 */
export async function confirmMember(tx: ActiveTransaction, member: MemberId): Promise<void> {
  const { self } = tx.env;
  if (!asksForAdmission(tx)) throw wrongMode();
  if (!isNewcomer(tx, member) || !tx.state.group.members.includes(member)) throw notANewcomer();
  if (isNewcomer(tx, self)) throw onProbation();
  if (tx.state.admission.arrivals.get(member)?.confirmedBy.includes(self) === true) return;
  if (standingOf(tx) === "catchingUp") throw notCaughtUp();
  await sealAndEnqueue(tx, { kind: "member_confirmation", member: memberIdToBytes(member) });
  note(tx, member, self);
}

/** Handles the message by which another member confirms a newcomer. That of a newcomer does not count. */
export function receiveConfirmation(
  tx: ActiveTransaction,
  bytes: Uint8Array,
  sender: MemberId,
): InboundOutcome {
  if (!asksForAdmission(tx)) return ignored("empty-message");
  const member = memberIdFromBytes(bytes);
  const arrival = tx.state.admission.arrivals.get(member);
  const isKnown = arrival === undefined || arrival.confirmedBy.includes(sender) || sender === member;
  if (isKnown || isNewcomer(tx, sender) || !tx.state.group.members.includes(sender))
    return ignored("no-confirmation");
  note(tx, member, sender);
  return accepted("memberConfirmation", sender);
}

function note(tx: ActiveTransaction, member: MemberId, by: MemberId): void {
  const { arrivals } = tx.state.admission;
  const arrival = arrivals.get(member);
  if (arrival === undefined) return;
  const present = arrival.confirmedBy.filter((other) => tx.state.group.members.includes(other));
  const noted = { ...arrival, confirmedBy: [...present, by] };
  keepArrivals(tx, withEntry(arrivals, member, noted));
  emit(tx, { kind: "memberConfirmed", member, by });
}

function wrongMode(): DemlsError<"wrong-mode"> {
  return new DemlsError("wrong-mode", {
    message: "A de-mls-3 conversation has no newcomers.",
    remedy: "No action is needed: all members vote on everything.",
  });
}

function notANewcomer(): DemlsError<"not-a-newcomer"> {
  return new DemlsError("not-a-newcomer", {
    message: "This member is not on probation.",
    field: "member",
    remedy: "No action is needed: it votes on everything.",
  });
}

function onProbation(): DemlsError<"on-probation"> {
  return new DemlsError("on-probation", {
    message: "This member is a newcomer itself, and only members that are not confirm one.",
    remedy: "Wait for the end of the probation, or for the other members to confirm this one.",
  });
}
