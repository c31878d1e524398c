import { noteDivergence } from "../epoch/index.js";
import { bytesToHex } from "@demls/wire/core";
import { emit, type ActiveTransaction } from "../model/transaction.js";

/** Emits `diverged`, once per epoch. */
export function reportDivergence(tx: ActiveTransaction): void {
  const { group, epoch } = tx.state;
  if (epoch.divergenceReported) return;
  noteDivergence(tx);
  const epochAuthenticator = bytesToHex(group.epochAuthenticator);
  emit(tx, { kind: "diverged", epoch: group.epoch, epochAuthenticator });
}
