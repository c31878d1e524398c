import { branchesSlice, epochStateOf, type Fork } from "../model/branches.js";
import { entriesWhere, withEntry } from "../model/persistent-collections.js";
import { repairSlice } from "../model/repair.js";
import { initialSlice } from "../model/slice.js";
import { slicesOf, type Active } from "../model/state.js";
import { beginTransaction, update, type ActiveTransaction } from "../model/transaction.js";
import { logPacket } from "../lost-packets/index.js";
import { ownPosition } from "../model/roster.js";

/** State of this member if it had stayed in the epoch of a fork, with the packets that it has received since. */
export function stateAtFork(tx: ActiveTransaction, { state: kept, heard, atMs }: Fork): Active {
  const { name, repair, branches, bans } = tx.state;
  const { epoch } = kept.group;
  const own = ownPosition(tx, kept.group);
  return {
    ...kept,
    ...slicesOf(tx.state, "membership", "conversation"),
    name,
    // Removals and leaves of later epochs are taken back.
    bans: {
      condemned: [],
      members: entriesWhere(bans.members, (_, ban) => ban.epoch <= epoch),
      leavers: entriesWhere(bans.leavers, (_, left) => left <= epoch),
    },
    phase: "selection",
    repair: {
      ...initialSlice(repairSlice),
      epochs: repair.epochs
        .filter((each) => each.epoch <= epoch)
        .map((each) => (each.epoch === epoch ? { ...each, leftAtMs: undefined } : each)),
      // Messages that were opened since are not read in this state.
      log: repair.log.filter(
        ({ epoch: of, slot, atMs: loggedAtMs }) =>
          of < epoch ||
          (of === epoch && (slot.kind !== "message" || slot.position === own || loggedAtMs <= atMs)),
      ),
      voids: repair.voids.filter((each) => each.epoch <= epoch),
      nonces: repair.nonces,
      quotas: repair.quotas,
      heard,
    },
    branches: { ...initialSlice(branchesSlice), left: branches.left },
  };
}

/**
 * Runs a part of a step in the epoch of a fork. Candidates that it takes are kept; its events are not emitted, because
 * this member is in another epoch.
 */
export async function atFork<T>(
  tx: ActiveTransaction,
  fork: Fork,
  run: (inner: ActiveTransaction) => Promise<T>,
): Promise<T> {
  const inner = beginTransaction(stateAtFork(tx, fork), tx.env);
  const { commit, repair } = inner.state;
  const result = await run(inner);
  tx.effects.push(...inner.effects.filter(({ kind }) => kind === "discardGroup"));
  if (inner.state.commit === commit) return result;
  const { epoch } = fork.state.group;
  const added = inner.state.repair.log.filter((entry) => !repair.log.includes(entry));
  for (const { epoch: of, slot, payload } of added) logPacket(tx, of, slot, payload);
  const { forks } = tx.state.branches;
  update(tx, "branches", {
    forks: withEntry(forks, epoch, { ...fork, state: epochStateOf(inner.state) }),
  });
  return result;
}
