import { compareCandidates } from "@demls/steward";
import { epochStateOf, isFinal, type Fork } from "../../model/branches.js";
import { removedBy, type HeldCandidate } from "../../model/commit.js";
import type { Fact, Facts } from "../../model/fact.js";
import { repairEpochOf, type RepairEpoch } from "../../model/repair.js";
import { emit, inGroup, type ActiveTransaction } from "../../model/transaction.js";
import { forgetSent } from "../../messages/sent-chat.js";
import { noteCertifiedEpoch } from "../../join/rejoin.js";
import { rejoinsIn } from "../../join/rejoin-requests.js";
import { choose } from "./choosing.js";
import { forgetRemovedIdentities } from "../../identity/verified-members.js";
import { isKeyRenewal } from "../../keys/index.js";
import {
  commitToMerge,
  missingChoosers,
  SILENT_PATIENCE,
  supportOf,
  waitingTimes,
  type Closing,
  type CommitView,
  type EpochView,
  type Patience,
} from "./merge-rules.js";
import { refusedRemovals, withoutRefused } from "./refused-removals.js";
import { adoptUnapproved } from "./adopt-unapproved.js";
import { lawfulCandidates, rankOf } from "./lawful.js";
import { mergeAgreed } from "./select.js";
import {
  byPosition,
  choicesIn,
  currentChoices,
  ownChoice,
  type ChoicesByPosition,
} from "../../model/choices.js";
import { ownPosition } from "../../model/roster.js";
import { awayMs } from "../../model/patience.js";
import { mayClose } from "../../standing/index.js";
import { isLeaving, pendingLeaves } from "../../model/leaves.js";
import { followRepairEpoch, awaitsPastEpoch, requestPackets } from "../../lost-packets/index.js";

/**
 * Time in ms for which a member that fewer than a majority want to remove does not end. The others may have merged
 * another commit, in whose epoch it is still a member.
 */
const PARTING_MS = 24 * 3_600_000;

/**
 * Merges the commit that the members of the epoch have agreed on.
 *
 * @returns `undefined` while they have not.
 */
export async function closeEpoch(tx: ActiveTransaction): Promise<Facts | undefined> {
  if (awaitsPastEpoch(tx)) return undefined;
  const view = await viewOfEpoch(tx);
  const closing = view && commitToMerge(view);
  if (view === undefined || closing === undefined) return undefined;
  // A certified commit stands, whatever this member has chosen in packets that its state does not show.
  return closing.isCertified || mayClose(tx) ? mergeClosing(tx, view, closing) : undefined;
}

/** The choices and candidates of the current epoch; `undefined` without any. */
export async function viewOfEpoch(tx: ActiveTransaction): Promise<EpochView | undefined> {
  if (tx.state.commit.candidates.size === 0) return undefined;
  const repairEpoch = repairEpochOf(tx.state.repair, tx.state.group.epoch);
  const choices = currentChoices(tx);
  if (repairEpoch === undefined || choices.length === 0) return undefined;
  const own = ownChoice(tx);
  const chosen = byPosition(choices);
  const refused = await refusedRemovals(tx, repairEpoch, chosen);
  // Usually all choose the same commit, and no other one needs to be checked.
  const isContested = own !== undefined && choices.some(({ commit }) => commit !== own);
  const lawful = isContested ? await lawfulCandidates(tx) : [];
  const isLawful = (hash: string, candidate: HeldCandidate): boolean =>
    hash === own || lawful.includes(candidate);
  return viewOf(tx, repairEpoch, withoutRefused(chosen, refused), isLawful);
}

/**
 * Whether this member must not merge a commit: it removes this member, is not certified and may lose; it replaces this
 * member's leaf, which enters the next epoch by the welcome; or this member has taken it back, and may have used its
 * keys.
 */
export function mustNotMerge(
  tx: ActiveTransaction,
  view: EpochView,
  { hash, isCertified }: Closing,
): boolean {
  const staged = tx.state.commit.candidates.get(hash)?.staged;
  if (staged === undefined || tx.state.branches.left.includes(hash)) return true;
  if (staged.selfRemoved && !isCertified && !hasParted(tx, view)) return true;
  return rejoinsIn(tx, staged).has(tx.env.self);
}

/**
 * Merges a commit of the current epoch.
 *
 * @param forkedAtMs - monotonic time since which this member keeps the epoch as a fork; now by default. Its keys are kept
 *   for a limited time, however often branches meet there.
 * @returns `undefined` if this member must not: see {@link mustNotMerge}.
 */
export async function mergeClosing(
  tx: ActiveTransaction,
  view: EpochView,
  closing: Closing,
  forkedAtMs: number = tx.env.nowMs,
): Promise<Facts | undefined> {
  const own = ownChoice(tx);
  const winner = tx.state.commit.candidates.get(closing.hash);
  if (winner === undefined || mustNotMerge(tx, view, closing)) return undefined;
  // Members that are behind need every choice. Without a majority, this one's may complete it.
  const isChosen = !closing.isCertified || (await lawfulCandidates(tx)).includes(winner);
  if (own === undefined && !isLeaving(tx) && isChosen && mayClose(tx)) await choose(tx, winner);
  const { count, voters } = supportOf(view, closing.hash);
  const fork = isFinal(count, voters) ? undefined : forkAt(tx, closing, voters, forkedAtMs);
  adoptUnapproved(tx, winner);
  // A member that accepts the commit has received what it carries out, even if the others have chosen it first.
  const wasAway = ownChoice(tx) === undefined && tx.state.repair.servedBy === undefined;
  const facts = await mergeAgreed(tx, winner);
  if (closing.isCertified && inGroup(tx)) {
    const forks = [...tx.state.branches.forks.values()];
    // Otherwise a majority may be on another branch.
    if (forks.every((each) => each.isCertified)) noteCertifiedEpoch(tx);
    // Otherwise this member may return to an epoch before.
    if (forks.length === 0) {
      forgetSent(tx);
      forgetRemovedIdentities(tx);
    }
  }
  if (wasAway && inGroup(tx)) {
    await followRepairEpoch(tx);
    requestPackets(tx, "missedCommit");
  }
  if (!closing.isCertified && inGroup(tx)) {
    const chosenBy = [...view.choices.values()].filter((hashes) => hashes.has(closing.hash)).length;
    emit(tx, { kind: "provisional", epoch: winner.staged.epoch + 1n, chosenBy, members: view.members });
  }
  const parted: readonly Fact[] = fork === undefined ? [] : [{ kind: "parted", fork }];
  return [...parted, ...facts];
}

/** The current epoch as it is before this member merges a commit that is not final. */
function forkAt(
  { state }: ActiveTransaction,
  { hash, isCertified }: Closing,
  voters: number,
  atMs: number,
): Fork {
  return {
    ...{ state: epochStateOf(state), merged: hash, isCertified, voters },
    ...{ heard: state.repair.heard, atMs },
  };
}

/**
 * Whether this member may end by an uncertified commit that removes it, in one of three cases. All members that do not
 * leave have chosen, so the others merge it too. Or no chosen commit keeps this member, and either it is served or
 * three `awayMs` have passed. Or the time to wait is over.
 */
function hasParted(tx: ActiveTransaction, view: EpochView): boolean {
  const { isPast, choices, patience, waitedMs = 0 } = view;
  if (missingChoosers(view).length === 0 || isLeaving(tx) || waitedMs >= PARTING_MS) return true;
  const chosen = [...choices.values()].flatMap((hashes) => [...hashes]);
  const keepsNone = chosen.every((hash) => tx.state.commit.candidates.get(hash)?.staged.selfRemoved);
  return keepsNone && (isPast || waitedMs >= SILENT_PATIENCE * patience.awayMs);
}

/** Monotonic time at which this member stops waiting for silent members, or ends by an uncertified removal. */
export function closingDueMs(tx: ActiveTransaction): number | undefined {
  const { anchoredAtMs } = tx.state.commit;
  if (tx.state.phase !== "selection" || anchoredAtMs === undefined) return undefined;
  const waits = [...waitingTimes(patienceOf(tx)), PARTING_MS];
  const times = waits.map((waitMs) => anchoredAtMs + waitMs);
  return times.find((atMs) => atMs > tx.env.nowMs);
}

function patienceOf(tx: ActiveTransaction): Patience {
  return { absentMs: tx.state.config.freezeMs, awayMs: awayMs(tx.state.config) };
}

function viewOf(
  tx: ActiveTransaction,
  repairEpoch: RepairEpoch,
  choices: ChoicesByPosition,
  isLawful: (hash: string, candidate: HeldCandidate) => boolean,
): EpochView {
  const { env, state } = tx;
  const { repair, commit } = state;
  const { anchoredAtMs } = commit;
  const own = ownPosition(tx, repairEpoch);
  const hasWaited = choices.has(own) && state.phase === "selection" && anchoredAtMs !== undefined;
  // Most views end with a certified commit or none, without a question of who was present.
  const heardOf = once(() => new Map(repair.heard.map(({ position, atMs }) => [position, atMs])));
  const before = once(() => presentBefore(tx));
  return {
    members: repairEpoch.roster.length,
    commits: commitsOf(tx, repairEpoch, choices, isLawful),
    choices,
    waitedMs: hasWaited ? env.nowMs - anchoredAtMs : undefined,
    patience: patienceOf(tx),
    // An answer to another member's request does not tell what this one lacks.
    isPast: repair.servedBy !== undefined && choices.has(repair.servedBy),
    wasPresent: (position) =>
      position === own ||
      heardOf().has(position) ||
      (before()?.has(repairEpoch.roster[position]?.member ?? "") ?? true),
    wasHeardSince: (position) => (heardOf().get(position) ?? -Infinity) >= (anchoredAtMs ?? 0),
  };
}

/** Computes a value at its first use. */
function once<T>(compute: () => T): () => T {
  let known: { readonly value: T } | undefined;
  return () => (known ??= { value: compute() }).value;
}

/** Members that chose in the epoch before; undefined if no choice of it is known. */
function presentBefore(tx: ActiveTransaction): ReadonlySet<string> | undefined {
  const epoch = tx.state.group.epoch - 1n;
  const roster = repairEpochOf(tx.state.repair, epoch)?.roster ?? [];
  const choices = choicesIn(tx.state.repair, epoch);
  if (choices.length === 0) return undefined;
  return new Set(choices.flatMap(({ position }) => roster[position]?.member ?? []));
}

function commitsOf(
  tx: ActiveTransaction,
  { roster }: RepairEpoch,
  choices: ReadonlyMap<number, ReadonlySet<string>>,
  isLawful: (hash: string, candidate: HeldCandidate) => boolean,
): readonly CommitView[] {
  const { state } = tx;
  const { candidates } = state.commit;
  const ranked = [...candidates]
    .map(([hash, candidate]) => ({ hash, candidate, rank: rankOf(tx, candidate) }))
    .sort((a, b) => compareCandidates(a.rank, b.rank, undefined));
  const held = ranked.map(({ hash, candidate }, rank) => {
    const removed = removedBy(candidate.staged.actions);
    const rejoins = rejoinsIn(tx, candidate.staged);
    const parting = [...removed].filter((member) => !rejoins.has(member));
    const leavers = pendingLeaves(state.changes.approved, parting);
    const positions = (members: Iterable<string>): ReadonlySet<number> =>
      new Set([...members].map((member) => roster.findIndex((entry) => entry.member === member)));
    return {
      ...{ hash, isHeld: true, isLawful: isLawful(hash, candidate), rank },
      isKeyRenewal: isKeyRenewal(candidate.staged),
      leavers: positions(leavers),
      removed: positions(removed),
    };
  });
  const named = new Set([...choices.values()].flatMap((hashes) => [...hashes]));
  const missing = [...named].filter((hash) => !candidates.has(hash));
  const none: ReadonlySet<number> = new Set();
  return [
    ...held,
    ...missing.map((hash) => ({
      ...{ hash, isHeld: false, isLawful: false, rank: -1, isKeyRenewal: false },
      ...{ leavers: none, removed: none },
    })),
  ];
}
