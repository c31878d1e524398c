import { computeListSize, type StewardListEvent } from "@demls/steward";
import type { MemberId } from "@demls/wire/core";
import { seeded, stewardSeed } from "../model/steward-seed.js";
import type { StewardsCause } from "../model/traced-decision.js";
import { emit, trace, update, type ActiveTransaction } from "../model/transaction.js";

/**
 * Installs a list and emits `stewardsChanged`.
 *
 * @param seed - seed of its order: that of this epoch, unless another member states the list.
 */
export function installStewards(
  tx: ActiveTransaction,
  epoch: bigint,
  pool: readonly MemberId[],
  size: number,
  retryRound: number,
  cause: StewardsCause,
  seed: Uint8Array | undefined,
): void {
  const { stewards } = tx.env.plugins;
  const { list, opening } = tx.state.stewards;
  const installed = stewards.installList(stewards.withSeed(list, seed), epoch, pool, size, retryRound);
  const isVoted = cause === "elected" || cause === "recorded";
  const wasInForce = stewards.currentList(list) !== undefined && !stewards.isExhausted(list, epoch);
  update(tx, "stewards", {
    list: installed.state,
    opening: opening ?? (isVoted && wasInForce ? list : undefined),
  });
  reportStewards(tx, installed.events, cause);
}

/**
 * Installs the list derived from the current epoch and all members, without a vote (`regenerate_steward_list` in de-mls
 * 3.0.0).
 */
export function regenerateStewards(tx: ActiveTransaction): void {
  const { epoch, members } = tx.state.group;
  const bounds = tx.env.plugins.stewards.config(tx.state.stewards.list);
  installStewards(
    tx,
    epoch,
    members,
    computeListSize(bounds, members.length),
    0,
    "regenerated",
    stewardSeed(tx),
  );
}

/** Begins an epoch: a list that is too short is filled, and the next election is its first. */
export function beginStewards(tx: ActiveTransaction): void {
  const { stewards } = tx.env.plugins;
  const { epoch, members } = tx.state.group;
  const filled = stewards.maybeAutoFill(stewards.resetRetry(seeded(tx)), epoch, members);
  update(tx, "stewards", { list: filled.state, opening: undefined });
  reportStewards(tx, filled.events, "filled");
}

/** Sets the list with which the epoch began; `undefined` without one in force. */
export function setOpeningList(tx: ActiveTransaction, opening: unknown): void {
  update(tx, "stewards", { opening });
}

/** Begins or ends the recovery, in which any member may commit. */
export function setRecovery(tx: ActiveTransaction, recovery: boolean): void {
  update(tx, "stewards", { recovery });
}

/** Emits `stewardsChanged` with the current list, if `events` contain a new one. */
function reportStewards(
  tx: ActiveTransaction,
  events: readonly StewardListEvent[],
  cause: StewardsCause,
): void {
  const list = tx.env.plugins.stewards.currentList(tx.state.stewards.list);
  if (list === undefined || !events.some(({ kind }) => kind === "listInstalled")) return;
  const { members, electionEpoch, retryRound } = list;
  trace(tx, { kind: "stewardsInstalled", electionEpoch, retryRound, cause });
  emit(tx, { kind: "stewardsChanged", stewards: members, electionEpoch, retryRound });
}
