import { asksForAdmission } from "../model/abilities.js";
import { keepArrivals } from "../admission/index.js";
import type { Newcomers, StatedArrival } from "@demls/wire";
import { memberIdFromBytes, memberIdToBytes, type MemberId } from "@demls/wire/core";
import type { Consent } from "../model/changes.js";
import type { HeldCandidate } from "../model/commit.js";
import type { Arrival } from "../model/joining.js";
import { LIMITS } from "../model/limits.js";
import type { ActiveTransaction } from "../model/transaction.js";
import { isConfirmed } from "./member-confirmations.js";
import { CLOCK_SECONDS, isOnProbation } from "./newcomers.js";

type Arrivals = ReadonlyMap<MemberId, Arrival>;

/**
 * Settings of newcomers, and the arrivals of those on probation: for the record of a commit, with those of approved
 * joiners. Undefined in a mode that does not ask for admission.
 */
export function statedNewcomers(tx: ActiveTransaction): Newcomers | undefined {
  if (!asksForAdmission(tx)) return undefined;
  const { admission, changes } = tx.state;
  const now = tx.env.nowSeconds;
  const stated = new Map<MemberId, Arrival>();
  for (const [member, arrival] of admission.arrivals)
    if (isOnProbation(tx, arrival, now))
      stated.set(member, { ...arrival, confirmed: arrival.confirmed || isConfirmed(tx, member) });
  // A member that has left and comes back arrives anew.
  for (const { request, proposer, consent } of changes.approved)
    if (request.kind === "add")
      stated.set(request.member, arrivalBy(consent ?? fallbackConsent(proposer), now));
  const arrivals = [...stated].map(([member, arrival]) => statedArrival(member, arrival));
  return { ...settingsOf(tx), arrivals };
}

/** The same for a joiner, with the arrivals of all members. */
export function allNewcomers(tx: ActiveTransaction): Newcomers | undefined {
  if (!asksForAdmission(tx)) return undefined;
  const arrivals = [...tx.state.admission.arrivals].map(([member, arrival]) =>
    statedArrival(member, arrival),
  );
  return { ...settingsOf(tx), arrivals };
}

function settingsOf({ state }: ActiveTransaction): Omit<Newcomers, "arrivals"> {
  const { probationMs, guestShare } = state.config;
  return { probationMs: BigInt(probationMs), guestShare };
}

function fallbackConsent(sponsor: MemberId): Consent {
  return { kind: "default", sponsor, invitation: undefined, vouched: false, proposedAt: 0n };
}

function arrivalBy({ kind, sponsor, invitation }: Consent, since: bigint): Arrival {
  const byHand = kind === "byHand";
  return { since, sponsor, invited: invitation !== undefined, byHand, confirmed: false, confirmedBy: [] };
}

function statedArrival(member: MemberId, { confirmedBy: _, sponsor, ...arrival }: Arrival): StatedArrival {
  return { ...arrival, member: memberIdToBytes(member), sponsor: memberIdToBytes(sponsor) };
}

/** Reason to reject stated newcomers. It depends on them alone, so that honest members agree. */
export function newcomersFlaw(newcomers: Newcomers | undefined): string | undefined {
  const { arrivals = [] } = newcomers ?? {};
  const members = new Set(arrivals.map(({ member }) => memberIdFromBytes(member)));
  const isLong = arrivals.some(({ sponsor }) => sponsor.length > LIMITS.sponsorIdBytes);
  return members.size < arrivals.length || arrivals.length > LIMITS.arrivals || isLong
    ? "newcomers"
    : undefined;
}

/**
 * Whether this member accepts the arrivals of a record. They must equal the arrivals that it knows, put no old member
 * on probation, and let no joiner arrive before its proposal or in the future. The probation of a newcomer may end by
 * the confirmations that this member knows.
 */
export function acceptsArrivals(
  tx: ActiveTransaction,
  { record, staged }: Pick<HeldCandidate, "record" | "staged">,
): boolean {
  if (!asksForAdmission(tx) || record === undefined || tx.state.record.opening === undefined) return true;
  const stated = arrivalsIn(record.state.newcomers);
  const { arrivals: known } = tx.state.admission;
  const soon = tx.env.nowSeconds + CLOCK_SECONDS;
  for (const [member, arrival] of known)
    if (!stated.has(member) && isOnProbation(tx, arrival, soon)) return false;
  for (const [member, arrival] of stated) {
    const own = known.get(member);
    const isKnown = own !== undefined && isSame(tx, member, own, arrival);
    if (!isKnown && !isPlausible(tx, member, arrival)) return false;
  }
  return [...addedBy(tx, staged)].every((member) => stated.has(member));
}

function isSame(tx: ActiveTransaction, member: MemberId, own: Arrival, stated: Arrival): boolean {
  const mayConfirm = own.confirmed || isConfirmed(tx, member);
  return (
    own.since === stated.since &&
    own.sponsor === stated.sponsor &&
    own.invited === stated.invited &&
    own.byHand === stated.byHand &&
    (stated.confirmed ? mayConfirm : !own.confirmed)
  );
}

/** Whether an arrival may be that of an approved joiner. The joiner may be a former member. */
function isPlausible({ env, state }: ActiveTransaction, joiner: MemberId, stated: Arrival): boolean {
  if (state.group.members.includes(joiner)) return false;
  if (stated.confirmed || stated.since > env.nowSeconds + CLOCK_SECONDS) return false;
  // Several members may have proposed it, and the author may have approved another of these proposals first.
  const grounds = [...state.changes.approved, ...state.votes.open.values()].flatMap(({ request, consent }) =>
    request.kind === "add" && request.member === joiner && consent ? [consent] : [],
  );
  return grounds.length === 0 || grounds.some((consent) => follows(stated, consent));
}

function follows({ since, sponsor, invited, byHand }: Arrival, consent: Consent): boolean {
  return (
    since + CLOCK_SECONDS >= consent.proposedAt &&
    sponsor === consent.sponsor &&
    invited === (consent.invitation !== undefined) &&
    byHand === (consent.kind === "byHand")
  );
}

/** Adopts the arrivals of the commit that ends the epoch. One that it leaves out begins now. */
export function adoptArrivals(
  tx: ActiveTransaction,
  { record, staged, steward }: Pick<HeldCandidate, "record" | "staged" | "steward">,
): void {
  if (!asksForAdmission(tx)) return;
  const stated = arrivalsIn(record?.state.newcomers);
  const added = addedBy(tx, staged);
  const fallback = arrivalBy(fallbackConsent(steward), tx.env.nowSeconds);
  for (const member of added) if (!stated.has(member)) stated.set(member, fallback);
  const { members } = tx.state.group;
  learn(tx, new Map([...stated].filter(([member]) => added.has(member) || members.includes(member))));
}

/** Learns the arrivals that a ConversationSync states. */
export function learnArrivals(tx: ActiveTransaction, newcomers: Newcomers | undefined): void {
  if (asksForAdmission(tx)) learn(tx, arrivalsIn(newcomers));
}

/** Forgets the arrivals of members that have left, once their probation would be over; beyond the bound the oldest. */
function learn(tx: ActiveTransaction, learned: Arrivals): void {
  const { arrivals } = tx.state.admission;
  if (learned.size === 0) return;
  const all = new Map(arrivals);
  for (const [member, arrival] of learned) {
    const before = all.get(member);
    const confirmedBy = before?.since === arrival.since ? before.confirmedBy : [];
    all.set(member, { ...arrival, confirmedBy });
  }
  keepArrivals(tx, all);
}

/** Forgets the arrivals of members that have left, once their probation would be over; beyond the bound the oldest. */
export function pruneArrivals(tx: ActiveTransaction): void {
  const { arrivals } = tx.state.admission;
  const present = new Set(tx.state.group.members);
  const left = [...arrivals].filter(([member]) => !present.has(member));
  const kept = left.filter(([, arrival]) => isOnProbation(tx, arrival, tx.env.nowSeconds));
  if (kept.length === left.length && kept.length <= LIMITS.departedNewcomers) return;
  const latest = kept.sort(([, a], [, b]) => Number(b.since - a.since)).slice(0, LIMITS.departedNewcomers);
  const remembered = new Set(latest.map(([member]) => member));
  const isKept = (member: MemberId): boolean => present.has(member) || remembered.has(member);
  keepArrivals(tx, new Map([...arrivals].filter(([member]) => isKept(member))));
}

function arrivalsIn(newcomers: Newcomers | undefined): Map<MemberId, Arrival> {
  const { arrivals = [] } = newcomers ?? {};
  return new Map(
    arrivals.map(({ member, sponsor, ...rest }) => [
      memberIdFromBytes(member),
      { ...rest, sponsor: memberIdFromBytes(sponsor), confirmedBy: [] },
    ]),
  );
}

/** Members that a commit adds and that the group does not have: not those whose leaf it replaces. */
function addedBy({ state }: ActiveTransaction, staged: HeldCandidate["staged"]): ReadonlySet<MemberId> {
  const present = new Set(state.group.members);
  const added = staged.actions.flatMap((action) => (action.kind === "add" ? [action.member] : []));
  return new Set(added.filter((member) => !present.has(member)));
}
