import { bytesToHex } from "@demls/wire/core";
import { emit, update, type ActiveTransaction } from "../model/transaction.js";

/** Emits `diverged`, once per epoch. */
export function reportDivergence(tx: ActiveTransaction): void {
  const { group, epoch } = tx.state;
  if (epoch.divergenceReported) return;
  update(tx, "epoch", { divergenceReported: true });
  const epochAuthenticator = bytesToHex(group.epochAuthenticator);
  emit(tx, { kind: "diverged", epoch: group.epoch, epochAuthenticator });
}
