import type { MemberId } from "@demls/wire/core";
import { NO_FACTS, type Facts } from "../model/fact.js";
import type { OpenedPlace } from "../model/opened-place.js";
import { isResent, type Origin } from "../model/origin.js";
import { repairEpochOf } from "../model/repair.js";
import type { ActiveTransaction } from "../model/transaction.js";
import { logPacket } from "./log.js";
import { requestGaps } from "./requests.js";

/** Keeps an opened message of `member` for other members, and requests those before it that are missing. */
export function noteOpened(
  tx: ActiveTransaction,
  { epoch, leafIndex, generation }: OpenedPlace,
  member: MemberId,
  payload: Uint8Array,
  origin: Origin,
): Facts {
  const repairEpoch = repairEpochOf(tx.state.repair, epoch);
  const position = repairEpoch?.roster.findIndex((entry) => entry.leafIndex === leafIndex) ?? -1;
  if (repairEpoch === undefined || position < 0) return NO_FACTS;
  logPacket(tx, epoch, { kind: "message", position, generation }, payload);
  requestGaps(tx, repairEpoch);
  return [{ kind: "memberHeard", member, epoch, position, isResent: isResent(origin) }];
}
