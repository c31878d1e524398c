import { encodeWithdrawal, WITHDRAWAL_LABEL } from "@demls/join";
import { JOIN_SUBTOPIC } from "@demls/wire/core";
import { enqueue } from "../messages/send.js";
import type { PendingJoin } from "../model/state.js";
import { update, type Transaction } from "../model/transaction.js";
import { hexBytes } from "../model/hex.js";
import { farewellDueMs } from "./farewell.js";
import { isPending } from "./welcome.js";

/** Withdraws the key package of a farewell if that is due. */
export async function runFarewell(tx: Transaction): Promise<void> {
  const dueAtMs = farewellDueMs(tx.state);
  if (isPending(tx) && dueAtMs !== undefined && dueAtMs <= tx.env.nowMs) await withdraw(tx);
}

async function withdraw(tx: Transaction<PendingJoin>): Promise<void> {
  const { keyPackage, withdrawals } = tx.state.joining;
  update(tx, "joining", { withdrawals: withdrawals + 1 });
  const { mls } = tx.env.plugins;
  const found = keyPackage && (await mls.inspectKeyPackage(keyPackage));
  if (found?.ok !== true) return;
  const reference = hexBytes(found.reference);
  const signature = await mls.sign(undefined, WITHDRAWAL_LABEL, reference);
  enqueue(tx, encodeWithdrawal(tx.env.self, reference, signature), JOIN_SUBTOPIC);
}
