import { repairEpochOf } from "../model/repair.js";
import type { OpenedPlace } from "../model/opened-place.js";
import type { ActiveTransaction } from "../model/transaction.js";
import { noteHeard } from "./heard.js";
import { logPacket } from "./log.js";
import { requestGaps } from "./requests.js";

/** Keeps an opened message for other members, and requests those before it that are missing. */
export function noteOpened(tx: ActiveTransaction, place: OpenedPlace, payload: Uint8Array): void {
  const { epoch, leafIndex, generation } = place;
  const repairEpoch = repairEpochOf(tx.state.repair, epoch);
  const position = repairEpoch?.roster.findIndex((entry) => entry.leafIndex === leafIndex) ?? -1;
  if (repairEpoch === undefined || position < 0) return;
  noteHeard(tx, repairEpoch, position);
  logPacket(tx, epoch, { kind: "message", position, generation }, payload);
  requestGaps(tx, repairEpoch);
}
