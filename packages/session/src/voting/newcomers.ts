import { asksForAdmission } from "../model/abilities.js";
import type { MemberId } from "@demls/wire/core";
import type { Consent } from "../model/changes.js";
import type { Arrival } from "../model/joining.js";
import type { ActiveTransaction } from "../model/transaction.js";

/** Seconds after the end of a probation from which it is over, whatever time a proposal states. */
const SURE_SECONDS = 3_600n;

/** Time by which a proposal may be ahead of this member's clock. Seconds. */
export const CLOCK_SECONDS = 900n;

/**
 * Whether a member is on probation: it came in by default consent less than `probationMs` ago, and the members before it
 * have not confirmed it. It votes on joiners alone.
 *
 * @param atSeconds - time of the proposal, so that all members agree on its voters.
 */
export function isNewcomer(
  tx: ActiveTransaction,
  member: MemberId,
  atSeconds: bigint = tx.env.nowSeconds,
): boolean {
  const arrival = tx.state.admission.arrivals.get(member);
  return arrival !== undefined && isOnProbation(tx, arrival, atSeconds);
}

/** Whether a probation goes on at a time, in seconds. */
export function isOnProbation(
  tx: ActiveTransaction,
  { since, confirmed }: Arrival,
  atSeconds: bigint,
): boolean {
  const { nowSeconds } = tx.env;
  const seconds = probationSeconds(tx);
  if (seconds === 0n) return false;
  const latest = nowSeconds + CLOCK_SECONDS;
  const at = atSeconds < latest ? atSeconds : latest;
  // A proposal that states a time long past must not put old members on probation again.
  return !confirmed && at < since + seconds && nowSeconds < since + seconds + SURE_SECONDS;
}

/** Length of the probation; 0 in a mode without. */
export function probationSeconds(tx: ActiveTransaction): bigint {
  return asksForAdmission(tx) ? BigInt(Math.ceil(tx.state.config.probationMs / 1_000)) : 0n;
}

/** The members that decide on members and stewards: those not on probation, or all if there are none of these. */
export function settledAmong(
  tx: ActiveTransaction,
  members: readonly MemberId[],
  atSeconds?: bigint,
): readonly MemberId[] {
  const settled = members.filter((member) => !isNewcomer(tx, member, atSeconds));
  return settled.length > 0 ? settled : members;
}

/** Whether a member decides on members and stewards, and may ask for the removal of one without a vote by hand. */
export function isSettled(tx: ActiveTransaction, member: MemberId): boolean {
  return settledAmong(tx, tx.state.group.members).includes(member);
}

/**
 * Whether default votes have let in as many newcomers as the member that answers for `sponsor` may bring in: one for
 * `guestShare` settled members, at least one. A settled member that is alone has no bound.
 *
 * @param ahead - grounds of the additions under way that come first.
 */
export function hasTooManyGuests(
  tx: ActiveTransaction,
  sponsor: MemberId,
  ahead: readonly Consent[],
): boolean {
  const { guestShare } = tx.state.config;
  const { members } = tx.state.group;
  if (guestShare === 0 || probationSeconds(tx) === 0n) return false;
  const settled = members.filter((member) => !isNewcomer(tx, member));
  if (settled.length === 1 && settled[0] === sponsor) return false;
  const root = answerableFor(tx, sponsor);
  const arrived = [...tx.state.admission.arrivals.values()].filter(
    (arrival) => !arrival.byHand && isOnProbation(tx, arrival, tx.env.nowSeconds),
  );
  const sponsors = [...arrived, ...ahead].map((guest) => answerableFor(tx, guest.sponsor));
  const guests = sponsors.filter((other) => other === root).length;
  return guests >= Math.max(1, Math.floor(settled.length / guestShare));
}

/**
 * The settled member that answers for a sponsor's guests: the sponsor itself or, for a newcomer, the settled member
 * behind the newcomer's own sponsor.
 */
function answerableFor(tx: ActiveTransaction, sponsor: MemberId): MemberId {
  const seen = new Set<MemberId>();
  let member = sponsor;
  while (isNewcomer(tx, member) && !seen.has(member)) {
    seen.add(member);
    member = tx.state.admission.arrivals.get(member)?.sponsor ?? member;
  }
  return member;
}
