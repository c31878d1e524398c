import { allowsRejoin } from "../model/abilities.js";
import { spendKeyPackages } from "../admission/index.js";
import { succeedsKey, type StagedCommit, type ValidKeyPackage } from "@demls/mls";
import { bytesEqual, type MemberId } from "@demls/wire/core";
import { ignored, rejected, accepted, type InboundOutcome } from "../model/inbound-outcome.js";
import { withEntry, entriesWhere } from "../model/persistent-collections.js";
import { removedBy } from "../model/commit.js";
import { LIMITS } from "../model/limits.js";
import { rosterEntryOf } from "../model/roster.js";
import type { Active } from "../model/state.js";
import { partingMember } from "../model/request.js";
import type { RequestedRejoin } from "../model/rejoin.js";
import { repairEpochOf } from "../model/repair.js";
import { emit, isPendingRemoval, update, type ActiveTransaction } from "../model/transaction.js";
import { leafOf, needsNewLeaf } from "./rejoin.js";
import { isAdmissible } from "../identity/identity-proof.js";
import { openRequests } from "../voting/open-votes.js";
import { sendReport } from "../lost-packets/index.js";

/** Inactivity timeouts for which a member leaves the rejoin of one that does not know it to others. */
const UNMET_TIMEOUTS = 5;

/** Time in ms after which a member shows that it is there: the others have received the key package by then. */
const PRESENCE_MS = 2_000;

/** Least time in ms between two such reports, which anyone on the network can cause. */
const PRESENCE_INTERVAL_MS = 20_000;

/** Difference of two clocks that is tolerated, in seconds. */
const CLOCK_TOLERANCE_SECONDS = 7_200n;

/** Whether a key package names the leaf that its owner has in the group. */
function namesLeafOf(
  { state }: ActiveTransaction,
  member: MemberId,
  replaces: readonly Uint8Array[],
): boolean {
  if (replaces.length === 0) return false;
  const leaf = leafOf(state.group, member);
  return leaf !== undefined && replaces.some((each) => bytesEqual(each, leaf));
}

/**
 * Whether a member may replace its leaf now: never while its removal is approved or being voted on, nor at a score that
 * removes it.
 */
export function mayRejoin(tx: ActiveTransaction, member: MemberId): boolean {
  const { env, state } = tx;
  const { scoring } = env.plugins;
  const score = scoring.scoreFor(state.scores.values, member);
  return (
    !isPendingRemoval(state, member) &&
    !openRequests(tx).some((request) => partingMember(request) === member) &&
    (score === undefined || score > scoring.threshold(state.scores.values))
  );
}

/**
 * Whether this member follows the other one, of two that are each alone in an epoch of their own. The member with the
 * smaller id stays. A member that entered its epoch with a majority follows no other; one whose branch is lost follows
 * any.
 */
function yields(tx: ActiveTransaction, other: MemberId): boolean {
  const { rejoin, group, repair } = tx.state;
  if (repair.lostSinceMs !== undefined) return true;
  return needsNewLeaf(tx) && rejoin.certifiedEpoch !== group.epoch && other < tx.env.self;
}

/**
 * Keeps the key package of a member that was left behind, until a commit replaces its leaf.
 *
 * @returns `undefined` if the key package does not name the member's leaf.
 */
export async function receiveRejoin(
  tx: ActiveTransaction,
  { identity, reference, replaces, signatureKey, keySince, madeAtSeconds }: ValidKeyPackage,
  keyPackage: Uint8Array,
): Promise<InboundOutcome | undefined> {
  const { env, state } = tx;
  if (!allowsRejoin(tx) || !namesLeafOf(tx, identity, replaces)) return undefined;
  if (identity === env.self) {
    planPresence(tx);
    return ignored("own-message");
  }
  const { requested } = state.rejoin;
  const earlier = requested.get(identity);
  if (earlier?.reference === reference) return ignored("already-buffered");
  if (yields(tx, identity) || !mayRejoin(tx, identity) || wasHeardLongAfter(tx, identity, madeAtSeconds))
    return ignored("rejoin-blocked");
  const check = await env.plugins.mls.canReplace(state.group, keyPackage);
  if (!check.ok) return rejected("invalid-key-package", check.reason);
  if (!(await isAdmissible(tx, identity, check))) return rejected("invalid-key-package", "unproved-identity");
  update(tx, "rejoin", {
    requested: withEntry(requested, identity, {
      ...{ keyPackage, reference, replaces, signatureKey, keySince },
      ...{ atMs: env.nowMs, sinceMs: earlier?.sinceMs ?? env.nowMs },
      earlier: earlier ? [...earlier.earlier, earlier.reference].slice(-LIMITS.earlierRejoins) : [],
    }),
  });
  return accepted("keyPackage", identity);
}

/**
 * Plans a report that shows that this member is there: it has not announced the key package, or not now. Somebody may send
 * an old one again, or have stolen its keys.
 */
function planPresence(tx: ActiveTransaction): void {
  const { nowMs } = tx.env;
  const { keyPackage, shownAtMs = -Infinity } = tx.state.rejoin;
  if (keyPackage !== undefined) return;
  const showAtMs =
    tx.state.rejoin.showAtMs ?? Math.max(nowMs + PRESENCE_MS, shownAtMs + PRESENCE_INTERVAL_MS);
  update(tx, "rejoin", { askedAtMs: nowMs, showAtMs });
}

/** Publishes a report if it is due, so that the others do not replace this member's leaf. */
export async function showPresence(tx: ActiveTransaction): Promise<void> {
  const { env, state } = tx;
  const { showAtMs = Infinity, askedAtMs = -Infinity } = state.rejoin;
  const { nowMs } = env;
  if (showAtMs > nowMs) return;
  // The report may be lost, or others may receive the key package after it.
  const isLate = nowMs - askedAtMs < PRESENCE_INTERVAL_MS;
  update(tx, "rejoin", {
    shownAtMs: nowMs,
    showAtMs: isLate ? nowMs + PRESENCE_INTERVAL_MS : undefined,
  });
  const current = repairEpochOf(state.repair, state.group.epoch);
  if (current !== undefined) await sendReport(tx, current, false);
}

/**
 * Whether this member leaves a rejoin to another one. It joined after the returning member was left behind, which would
 * refuse its welcome. After five `commitInactivityMs` it tries nevertheless.
 */
export function leavesToOthers(
  { env, state }: ActiveTransaction,
  member: MemberId,
  { sinceMs }: RequestedRejoin,
): boolean {
  const patienceMs = UNMET_TIMEOUTS * state.config.commitInactivityMs;
  const isUnmet = state.rejoin.unmet.includes(member) && !heardMembers(state).has(member);
  return isUnmet && env.nowMs - sinceMs < patienceMs;
}

/** Rejoins that the next commit carries out. */
export function rejoinsToCommit(tx: ActiveTransaction): ReadonlyMap<MemberId, RequestedRejoin> {
  return entriesWhere(
    tx.state.rejoin.requested,
    (member, request) =>
      isOfLeaf(tx, member, request) && !wasHeardSince(tx, member, request.atMs) && mayRejoin(tx, member),
  );
}

/** Whether a request may replace the present leaf of its member: a commit may have given that a later signature key. */
function isOfLeaf(tx: ActiveTransaction, member: MemberId, request: RequestedRejoin): boolean {
  const leaf = rosterEntryOf(tx.state.group, member);
  return leaf !== undefined && succeedsKey(request, leaf) && namesLeafOf(tx, member, request.replaces);
}

/** Whether a member was heard in this epoch after its request: it has caught up, or has had a late welcome. */
function wasHeardSince({ state }: ActiveTransaction, member: MemberId, sinceMs: number): boolean {
  const position = state.group.roster.findIndex((entry) => entry.member === member);
  return state.repair.heard.some((heard) => heard.position === position && heard.atMs > sinceMs);
}

/**
 * Whether a member was heard hours after it made a key package: it is not left behind, or has made another one since.
 * Clocks differ, so a younger key package is judged by the time of its announcement.
 */
function wasHeardLongAfter(
  { env, state }: ActiveTransaction,
  member: MemberId,
  madeAtSeconds: bigint,
): boolean {
  const heardAtMs = state.presence.heardAt.get(member);
  if (heardAtMs === undefined) return false;
  return heardAtMs > monotonicOf({ env }, madeAtSeconds + CLOCK_TOLERANCE_SECONDS);
}

/** Monotonic time in ms of a wall-clock time of another member: its clock may differ. */
function monotonicOf({ env }: Pick<ActiveTransaction, "env">, seconds: bigint): number {
  return env.nowMs - Number(env.nowSeconds - seconds) * 1_000;
}

/** Members whose leaf a commit replaces by one of their key packages that names it. */
export function rejoinsIn(tx: ActiveTransaction, { actions }: StagedCommit): ReadonlySet<MemberId> {
  const removed = removedBy(actions);
  return new Set(
    actions.flatMap((action) =>
      action.kind === "add" && removed.has(action.member) && namesLeafOf(tx, action.member, action.replaces)
        ? [action.member]
        : [],
    ),
  );
}

/**
 * Whether each rejoin of a commit is allowed: its key package is not spent, and the member was not heard since it
 * announced the key package. Without the announcement, the time counts at which the key package was made.
 */
export function permitsRejoins(tx: ActiveTransaction, staged: StagedCommit): boolean {
  const rejoining = rejoinsIn(tx, staged);
  if (rejoining.size === 0) return true;
  const { admission, rejoin } = tx.state;
  return staged.actions.every((action) => {
    if (action.kind !== "add" || !rejoining.has(action.member)) return true;
    const { member, reference, madeAtSeconds } = action;
    const request = rejoin.requested.get(member);
    const isAnnounced = request !== undefined && [request.reference, ...request.earlier].includes(reference);
    const sinceMs = isAnnounced ? request.sinceMs : monotonicOf(tx, madeAtSeconds);
    return (
      allowsRejoin(tx) &&
      mayRejoin(tx, member) &&
      !admission.spent.includes(reference) &&
      !wasHeardSince(tx, member, sinceMs)
    );
  });
}

/**
 * Forgets the requests of members that were heard since. They have caught up, so their leaves must not be replaced when
 * they are silent later. Their key packages count as spent.
 */
export function dropAnswered(tx: ActiveTransaction): void {
  const { requested } = tx.state.rejoin;
  const kept = entriesWhere(requested, (member, { atMs }) => !wasHeardSince(tx, member, atMs));
  if (kept === requested) return;
  const dropped = [...requested].flatMap(([member, { reference, earlier }]) =>
    kept.has(member) ? [] : [...earlier, reference],
  );
  update(tx, "rejoin", { requested: kept });
  spendKeyPackages(tx, dropped);
}

/** Emits `memberRejoined` for each rejoin of the merged commit, and forgets those of past leaves. */
export function noteRejoined(tx: ActiveTransaction, rejoined: ReadonlySet<MemberId>): void {
  const { requested } = tx.state.rejoin;
  const kept = entriesWhere(requested, (member, request) => isOfLeaf(tx, member, request));
  if (kept !== requested) update(tx, "rejoin", { requested: kept });
  for (const member of rejoined) emit(tx, { kind: "memberRejoined", member });
}

/** Notes the members that were not heard since they or this member joined; `before` is the state of the epoch that ends. */
export function noteUnmet(tx: ActiveTransaction, before: Active, rejoined: ReadonlySet<MemberId>): void {
  const { members } = tx.state.group;
  const unmet = unmetSince(before, members);
  update(tx, "rejoin", { unmet: members.filter((member) => unmet.includes(member) || rejoined.has(member)) });
}

/** The `members` of a later epoch that were not heard until `before`, or joined since. */
export function unmetSince(before: Active, members: readonly MemberId[]): readonly MemberId[] {
  const heard = heardMembers(before);
  const waiting = before.rejoin.unmet.filter((member) => !heard.has(member));
  return members.filter((member) => waiting.includes(member) || !before.group.members.includes(member));
}

function heardMembers({ repair }: Active): ReadonlySet<MemberId> {
  const roster = repair.epochs.at(-1)?.roster ?? [];
  return new Set(repair.heard.flatMap(({ position }) => roster[position]?.member ?? []));
}
