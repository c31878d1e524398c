import { deletePending, keepPending, putPending } from "../changes/index.js";
import type { MemberId } from "@demls/wire/core";
import { LIMITS } from "../model/limits.js";
import type { PendingUpdate } from "../model/changes.js";
import { isSameChange, membershipTarget, type AddRequest, type ChangeRequest } from "../model/request.js";
import type { HeldBackReason } from "../model/traced-decision.js";
import { eligibleStewards, emit, policyOf, trace, type ActiveTransaction } from "../model/transaction.js";
import { decideAdmission } from "./admission.js";
import { proposeAutomatically } from "./automatic-proposal.js";
import { banOf } from "./bans.js";
import { joinersName } from "./cast-vote.js";
import { groundsOf, type Grounds } from "./grounds.js";
import { checkKeyPackage } from "./key-package-check.js";
import { requestsUnderWay } from "./open-votes.js";
import { hasRoomForVote, openProposal, requestBlock } from "./propose.js";

/** Facts about a buffered change: see {@link PendingUpdate}. */
export interface PendingDetails {
  readonly unnamed?: string | undefined;
  readonly awaitsAdmission?: PendingUpdate["awaitsAdmission"] | undefined;
  readonly vouchedBy?: MemberId | undefined;
  readonly sponsor?: MemberId | undefined;
  readonly invitation?: string | undefined;
}

/** The grounds of an admitted joiner, as far as they are kept. */
export function bufferedGrounds(grounds: Grounds | undefined): PendingDetails {
  if (grounds === undefined) return {};
  const { vouchedBy, consent } = grounds;
  return { vouchedBy, sponsor: consent.sponsor, invitation: consent.invitation };
}

/** `"buffered"`, or the reason that a change was not buffered. */
export type BufferResult = "buffered" | "already-buffered" | "buffer-full";

/**
 * Buffers a membership change that was requested, so that every member can propose it when it is the epoch steward. The
 * first request about a member stays until it is decided or too old. Of a joiner that waits to be admitted the last one
 * stays, since it may have lost the keys of the first. It stops waiting once a member admits it.
 *
 * Each kind has its own bound, because strangers can request adds at the cost of one key package each. A full buffer
 * evicts old requests: a group without commits has no epochs to expire them and would accept no newcomers. Waiting
 * joiners make room for admitted ones.
 */
export function bufferPendingUpdate(
  tx: ActiveTransaction,
  request: ChangeRequest,
  details: PendingDetails = {},
): BufferResult {
  const target = membershipTarget(request);
  if (target === undefined) return "already-buffered";
  const known = tx.state.changes.pending.get(target);
  if (known !== undefined && known.awaitsAdmission === undefined) return "already-buffered";
  if (known === undefined && !makeRoomFor(tx, request, details)) return "buffer-full";
  const { unnamed, awaitsAdmission, vouchedBy, sponsor, invitation } = details;
  const entry = {
    request,
    firstSeenEpoch: tx.state.group.epoch,
    firstSeenMs: tx.env.nowMs,
    ...(unnamed !== undefined && { unnamed }),
    ...(awaitsAdmission && { awaitsAdmission }),
    ...(vouchedBy !== undefined && { vouchedBy }),
    ...(sponsor !== undefined && { sponsor }),
    ...(invitation !== undefined && { invitation }),
  };
  putPending(tx, target, entry);
  return known !== undefined && awaitsAdmission ? "already-buffered" : "buffered";
}

/** Makes room for one more request if the buffer is full. @returns whether there is room. */
function makeRoomFor(
  tx: ActiveTransaction,
  request: ChangeRequest,
  { awaitsAdmission }: PendingDetails,
): boolean {
  if (!hasRoomFor(tx, request)) evictAged(tx);
  if (!hasRoomFor(tx, request) && !awaitsAdmission) evictWaiting(tx);
  return hasRoomFor(tx, request);
}

function hasRoomFor({ state }: ActiveTransaction, { kind }: ChangeRequest): boolean {
  const alike = [...state.changes.pending.values()].filter(({ request }) => request.kind === kind);
  return alike.length < (kind === "remove" ? LIMITS.pendingRemovals : LIMITS.pendingInvitations);
}

function evictAged(tx: ActiveTransaction): void {
  const oldestMs = tx.env.nowMs - LIMITS.pendingUpdateAgeMs;
  keepPending(tx, (_, { firstSeenMs }) => firstSeenMs >= oldestMs);
}

/** Deletes the joiner that has waited longest for its admission. */
function evictWaiting(tx: ActiveTransaction): void {
  const { pending } = tx.state.changes;
  const waiting = [...pending].find(([, { awaitsAdmission }]) => awaitsAdmission !== undefined);
  if (waiting !== undefined) deletePending(tx, waiting[0]);
}

/** Deletes a rejected change from the buffer. Another key package of the same joiner stays. */
export function dropPendingUpdate(tx: ActiveTransaction, rejected: ChangeRequest): void {
  const { pending } = tx.state.changes;
  const target = membershipTarget(rejected);
  if (target === undefined) return;
  const buffered = pending.get(target);
  if (buffered === undefined || !isSameChange(buffered.request, rejected)) return;
  deletePending(tx, target);
}

/** Deletes joiners that another group has added: their key packages named no group, and can be used once. */
export function dropAnsweredUpdates(tx: ActiveTransaction, references: readonly string[]): void {
  const isAnswered = ({ unnamed }: PendingUpdate): boolean =>
    unnamed !== undefined && references.includes(unnamed);
  keepPending(tx, (_, change) => !isAnswered(change));
}

/** Whether this member is the epoch steward, skipping stewards that have left or have an approved removal. */
function isLiveEpochSteward(tx: ActiveTransaction): boolean {
  const { env, state } = tx;
  const { stewards } = env.plugins;
  const { epoch } = state.group;
  return stewards.epochSteward(state.stewards.list, epoch, eligibleStewards(tx)) === env.self;
}

/** Proposes buffered changes if this member is the epoch steward. */
export async function promotePendingUpdates(tx: ActiveTransaction): Promise<void> {
  await proposePendingUpdates(tx, isLiveEpochSteward(tx));
}

/**
 * Proposes buffered changes: those that still apply, are neither approved nor open, and fit the next commit. This
 * member's own vote is requested like any other member's.
 *
 * @param isProposer whether it is this member's turn to propose them.
 */
export async function proposePendingUpdates(tx: ActiveTransaction, isProposer: boolean): Promise<void> {
  let isTold = false;
  for (const [target, { request, vouchedBy }] of tx.state.changes.pending) {
    // A member that vouches for a joiner proposes it itself, since its yes goes with the proposal.
    const isVoucher = vouchedBy === tx.env.self;
    const obstacle = openingObstacle(tx, request, isProposer || isVoucher);
    if (obstacle !== undefined && !isTold) holdBack(tx, undefined, obstacle);
    isTold ||= obstacle !== undefined;
    if (obstacle === "not-this-members-turn") continue;
    if (obstacle !== undefined) return;
    const reason =
      targetObstacle(tx, target, request) ??
      (await keyPackageObstacle(tx, request)) ??
      (isVoucher ? undefined : await admissionObstacle(tx, request));
    if (reason !== undefined) {
      holdBack(tx, target, reason);
      // Otherwise fallback proposers would check it again and again.
      if (reason === "unsound-invitation" && policyOf(tx).replacesAbsentSteward)
        dropPendingUpdate(tx, request);
      continue;
    }
    const isOpened = await proposeAutomatically(tx, "bufferedChange", () =>
      openProposal(tx, request, isVoucher ? "yes" : "deferred"),
    );
    if (!isOpened) return;
  }
}

/** Whether this member could propose a buffered change now if it were its turn. Key packages are not checked. */
export function hasProposableUpdate(tx: ActiveTransaction): boolean {
  const due = [...tx.state.changes.pending].find(
    ([target, { request }]) => targetObstacle(tx, target, request) === undefined,
  );
  return due !== undefined && openingObstacle(tx, due[1].request, true) === undefined;
}

/** Reason that this member cannot propose a buffered change now. */
function openingObstacle(
  tx: ActiveTransaction,
  request: ChangeRequest,
  isProposer: boolean,
): HeldBackReason | undefined {
  const block = requestBlock(tx, request);
  if (block !== undefined) return block;
  if (tx.state.epoch.votesDueAtMs !== undefined) return "quiet-after-commit";
  if (!isProposer) return "not-this-members-turn";
  return hasRoomForVote(tx, request) ? undefined : "no-room";
}

function holdBack(tx: ActiveTransaction, target: MemberId | undefined, reason: HeldBackReason): void {
  trace(tx, { kind: "heldBack", operation: "bufferedChange", target, reason });
}

function targetObstacle(
  tx: ActiveTransaction,
  target: MemberId,
  request: ChangeRequest,
): HeldBackReason | undefined {
  const isMember = tx.state.group.members.includes(target);
  if (isMember !== (request.kind === "remove")) return "moot";
  if (banOf(tx, target) !== undefined) return "banned";
  if (tx.state.changes.pending.get(target)?.awaitsAdmission !== undefined) return "awaits-admission";
  const isUnderWay = requestsUnderWay(tx).some((other) => membershipTarget(other) === target);
  return isUnderWay ? "under-way" : undefined;
}

async function keyPackageObstacle(
  tx: ActiveTransaction,
  request: ChangeRequest,
): Promise<HeldBackReason | undefined> {
  if (request.kind !== "add") return undefined;
  // A key package may expire after it was buffered, or share a key with a newer one.
  const check = await checkKeyPackage(tx, request.keyPackage);
  return check.ok ? undefined : "unsound-invitation";
}

/**
 * Judges a buffered joiner again: its invitation may have been used or revoked since. The members are asked about it then.
 */
async function admissionObstacle(
  tx: ActiveTransaction,
  request: ChangeRequest,
): Promise<HeldBackReason | undefined> {
  const buffered = request.kind === "add" ? tx.state.changes.pending.get(request.member) : undefined;
  if (request.kind !== "add" || buffered === undefined) return undefined;
  const grounds = await groundsOf(tx, request, { proposer: tx.env.self, vouches: false });
  const claimedName = await joinersName(tx, request);
  const { decision, reason } = decideAdmission(tx, request, claimedName, grounds);
  if (decision === "admit") return undefined;
  if (decision === "refuse") dropPendingUpdate(tx, request);
  else awaitAdmission(tx, request, { ...{ claimedName, reason }, invitedBy: grounds?.invitation?.inviter });
  return "awaits-admission";
}

/** Asks about a buffered joiner. */
function awaitAdmission(
  tx: ActiveTransaction,
  { member: joiner }: AddRequest,
  awaitsAdmission: NonNullable<PendingUpdate["awaitsAdmission"]>,
): void {
  const buffered = tx.state.changes.pending.get(joiner);
  if (buffered === undefined) return;
  putPending(tx, joiner, { ...buffered, awaitsAdmission });
  emit(tx, { kind: "joinRequested", joiner, ...awaitsAdmission });
}

/** Whether a joiner waits for its admission, and has announced itself lately. */
export function isAsking({ env }: Pick<ActiveTransaction, "env">, change: PendingUpdate): boolean {
  return change.awaitsAdmission !== undefined && env.nowMs - change.firstSeenMs < LIMITS.joinRequestMs;
}

/**
 * Deletes changes that are in effect, changes that were buffered for too many epochs, and waiting joiners that have not
 * announced themselves lately.
 */
export function prunePendingUpdates(tx: ActiveTransaction): void {
  const { group, config } = tx.state;
  const members = new Set(group.members);
  const oldest = group.epoch - BigInt(config.pendingUpdateMaxEpochs);
  keepPending(
    tx,
    (target, change) =>
      members.has(target) === (change.request.kind === "remove") &&
      (change.awaitsAdmission === undefined ? change.firstSeenEpoch >= oldest : isAsking(tx, change)),
  );
}
