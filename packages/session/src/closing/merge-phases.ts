import type { StagedCommit } from "@demls/mls";
import type { MemberId } from "@demls/wire/core";
import { dropUncommittable } from "../approved/index.js";
import { enterNow } from "../epoch/index.js";
import { noteAdmissions, sendWelcome } from "../join/admissions.js";
import { confirmToOwnGuests, noteAdmitted } from "../join/confirmations.js";
import { dropAnswered, noteRejoined, noteUnmet } from "../join/rejoin-requests.js";
import { sendSync } from "../join/sync.js";
import { noteRenewal } from "../keys/index.js";
import { closePastEpoch } from "../lost-packets/index.js";
import { keepQuiet } from "../messages/outbox.js";
import type { ApprovedChange } from "../model/changes.js";
import type { HeldCandidate } from "../model/commit.js";
import { membersChanged } from "../model/event.js";
import type { ChangeRequest } from "../model/request.js";
import type { Active } from "../model/state.js";
import { emit, trace, update, updateActive, type ActiveTransaction } from "../model/transaction.js";
import { countMissedEpochs } from "../presence/index.js";
import { endPastElections } from "../stewards/elections.js";
import { forgetRejectedRemovals } from "../stewards/score-removals.js";
import { syncScoredMembers } from "../stewards/scores.js";
import { beginStewards } from "../stewards/steward-lists.js";
import { pruneArrivals } from "../voting/arrivals.js";
import { proposeAutomatically } from "../voting/automatic-proposal.js";
import { noteBans } from "../voting/bans.js";
import { countUses } from "../voting/invitations.js";
import { forgetOldProposals } from "../voting/observed-proposals.js";
import { keepPastMembers } from "../voting/past-epoch-votes.js";
import { prunePendingUpdates } from "../voting/pending-updates.js";
import { forgetLeave } from "../voting/self-leave.js";

/** The parts of a merge that only an epoch with a record has. */
export interface RecordedEnd {
  /** Begins the reckoning of the new epoch. */
  begin(tx: ActiveTransaction): void;
  /** Carries over to the new epoch what the record has omitted. */
  carryOver(tx: ActiveTransaction): void;
}

/** A commit that is being merged. */
export interface Merge {
  readonly winner: HeldCandidate;
  readonly staged: StagedCommit;
  /** Approved changes that it carries out. */
  readonly committed: readonly ApprovedChange[];
  /** Members whose leaves it replaces. */
  readonly rejoined: ReadonlySet<MemberId>;
  readonly recorded: RecordedEnd | undefined;
  /** State of the epoch that ends. */
  readonly before: Active;
}

type Phase = (tx: ActiveTransaction, merge: Merge) => Promise<void> | void;

/** Work in the epoch that ends, in this order. */
export const ENDING: Readonly<Record<string, (tx: ActiveTransaction) => void>> = {
  /** Before the merge: it counts by the roster and the choices of the epoch before the ending one. */
  countMissedEpochs,
  /** Before the merge: packets of the epoch before can be opened no more. */
  closePastEpoch,
  /** Before the merge: members were heard in the epoch that ends, and their key packages are spent before they are counted. */
  dropAnswered,
};

/** Work from the merge on, in this order: that of 3.0.0, where it has the step. */
export const BEGINNING: Readonly<Record<string, Phase>> = {
  /** First, since all that follows is of the new group. */
  enterGroup(tx, { staged }) {
    updateActive(tx, { group: tx.env.plugins.mls.merge(tx.state.group, staged) });
    update(tx, "commit", { candidates: new Map(), refused: [] });
  },
  /** Before votes are ended or forgotten: those of former members still count. */
  keepVoters: (tx, { before }) => keepPastMembers(tx, before.group),
  /** Before anything is proposed: its record has decided them. */
  endElections(tx, { recorded }) {
    if (recorded !== undefined) endPastElections(tx);
  },
  /** Before the welcome, which is sent again to joiners that are noted here. */
  noteJoiners(tx, { winner, staged }) {
    noteAdmissions(tx, winner);
    noteAdmitted(tx, staged);
  },
  /** After the merge, so that a joiner is not ahead of the member that added it; before anything that it could not read yet. */
  async welcome(tx, { winner, committed }) {
    if (winner.welcome !== undefined) sendWelcome(tx, winner.welcome);
    await confirmToOwnGuests(tx, committed);
  },
  /** After the welcome, which is sent at once, and before messages, which wait for it. */
  keepQuiet,
  /** The first message of the epoch, if a joiner needs no record: as in 3.0.0. */
  async sendSync(tx, { winner, recorded }) {
    if (winner.welcome !== undefined && recorded === undefined) await syncJoiners(tx);
  },
  /** Before the queue is cleaned: an invitation that is used up carries no further addition. */
  countUses(tx, { committed, before, staged }) {
    countUses(
      tx,
      committed.filter(({ request }) => !wasAddedBefore(before, staged, request)),
    );
  },
  /** After the uses, and before members are told of the change. */
  dropUncommittable,
  /** After the queue, whose changes the votes may have been for. */
  forgetOldProposals,
  /** After the commit's own events. */
  tellMembers(tx, { before }) {
    const change = membersChanged(before.group.members, tx.state.group.members, tx.state.admission.arrivals);
    for (const member of change.added) forgetLeave(tx, member);
    forgetRejectedRemovals(tx);
    emit(tx, change);
  },
  /** After the members, among which those that rejoined stay. */
  noteRejoined: (tx, { rejoined }) => noteRejoined(tx, rejoined),
  /** After the members, whose renewals are forgotten once they have left. */
  noteRenewal: (tx, { winner, staged }) => noteRenewal(tx, winner.steward, staged),
  /** By the epoch before, in which members were heard. */
  noteUnmet: (tx, { before, rejoined }) => noteUnmet(tx, before, rejoined),
  /** Before stewards are derived, and before the reckoning, which begins with these scores. */
  syncScoredMembers,
  /** After the members: who is in cannot be banned. */
  noteBans: (tx, { committed }) => noteBans(tx, committed),
  /** After the bans. */
  pruneArrivals,
  /** After the bans, and before the votes of the epoch, which are opened on what stays. */
  prunePendingUpdates,
  /** After all that belongs to the end of the epoch before. */
  beginEpoch(tx) {
    trace(tx, { kind: "phase", from: tx.state.phase, to: "working", reason: "commit-merged" });
    // The epoch's votes are opened in this phase, but before `phaseChanged` is emitted.
    updateActive(tx, { phase: "working" });
    update(tx, "commit", { anchoredAtMs: undefined });
    enterNow(tx);
    beginStewards(tx);
  },
  /** With the stewards of the new epoch. */
  beginRecord(tx, { recorded }) {
    recorded?.begin(tx);
  },
  /** The state with which the epoch begins, so that a joiner can judge its record. */
  async sendOpening(tx, { winner, recorded }) {
    if (winner.welcome !== undefined && recorded !== undefined) await syncJoiners(tx);
  },
  /** After the opening, to which it does not belong. */
  carryOver(tx, { recorded }) {
    recorded?.carryOver(tx);
  },
};

async function syncJoiners(tx: ActiveTransaction): Promise<void> {
  await proposeAutomatically(tx, "conversationSync", () => sendSync(tx));
}

/** Whether a commit of a left branch has added the joiner by the same key package: its invitation is counted already. */
function wasAddedBefore({ admission }: Active, { actions }: StagedCommit, request: ChangeRequest): boolean {
  return actions.some(
    (action) =>
      action.kind === "add" &&
      request.kind === "add" &&
      action.member === request.member &&
      admission.spent.includes(action.reference),
  );
}
