import type { Packet } from "@demls/wire/core";
import type { InboundOutcome } from "../model/inbound-outcome.js";
import type { Origin } from "../model/origin.js";
import type { Transaction } from "../model/transaction.js";
import { followUp } from "./follow-ups.js";
import { receivePacket } from "./receive-packet.js";

/** Handles a packet with its follow-ups, then the packets that it serves. */
export async function takePacket(
  tx: Transaction,
  packet: Packet,
  origin: Origin = "network",
): Promise<InboundOutcome> {
  const { outcome, facts, served = [] } = await receivePacket(tx, packet, origin);
  await followUp(tx, facts);
  tx.effects.push({ kind: "inbound", packet, outcome });
  for (const each of served) await takePacket(tx, each, "repair");
  return outcome;
}
