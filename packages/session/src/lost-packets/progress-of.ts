import type { ChosenBy, RepairEpoch } from "../model/repair.js";
import { ownPosition } from "../model/roster.js";
import type { ActiveTransaction } from "../model/transaction.js";
import { loggedCandidates, loggedChoices } from "./log.js";
import type { Progress } from "./progress.js";

/**
 * Packets of an epoch that this member has. Its own packets are included once they are published.
 *
 * @returns `undefined` for an epoch whose messages it can no longer open, unless it is that of a fork: there, no
 *   message counts as missing.
 */
export function progressOf(tx: ActiveTransaction, repairEpoch: RepairEpoch): Progress | undefined {
  const { env, state } = tx;
  const { mls } = env.plugins;
  const { epoch } = repairEpoch;
  const fork = state.branches.forks.get(epoch);
  const opened = mls.received(state.group, epoch);
  const received = opened ?? (fork && mls.received(fork.state.group, epoch));
  if (received === undefined) return undefined;
  const own = ownPosition(tx, repairEpoch);
  const unpublished = state.outbox.entries.flatMap(({ sealed }) =>
    sealed?.epoch === epoch && sealed.slot.kind === "message" ? [sealed.slot.generation] : [],
  );
  const next = received.next.map((generation, position) =>
    position === own ? Math.min(generation, ...unpublished) : generation,
  );
  const chosen = loggedChoices(tx, epoch);
  return {
    next,
    missing: opened === undefined ? [] : received.skipped,
    candidates: [...refusedCandidates(tx, epoch, chosen), ...loggedCandidates(tx, epoch)],
    chosen,
  };
}

/** Candidates that this member could not take. It tries again once a member has chosen them. */
function refusedCandidates(
  { state }: ActiveTransaction,
  epoch: bigint,
  chosen: readonly ChosenBy[],
): readonly string[] {
  const { refused } =
    state.branches.forks.get(epoch)?.state.commit ??
    (epoch === state.group.epoch ? state.commit : { refused: [] });
  return refused.filter((id) => !chosen.some(({ commit }) => commit === id));
}
