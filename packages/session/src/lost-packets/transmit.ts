import type { RepairMessage } from "@demls/wire";
import { REPAIR_SUBTOPIC } from "@demls/wire/core";
import type { RepairEpoch } from "../model/repair.js";
import type { ActiveTransaction } from "../model/transaction.js";
import { sealRepair } from "./envelope.js";

/**
 * Publishes a repair message once. If it is lost, the next report or request replaces it.
 *
 * @returns the packet's payload.
 */
export async function transmit(
  tx: ActiveTransaction,
  repairEpoch: RepairEpoch,
  message: RepairMessage,
): Promise<Uint8Array> {
  const payload = await sealRepair(tx, repairEpoch, message);
  const { name } = tx.state;
  const packet = { payload, subtopic: REPAIR_SUBTOPIC, conversationId: name, appId: tx.env.appId };
  tx.effects.push({ kind: "transmit", packet });
  return payload;
}
