import { bytesToHex, type MemberId } from "@demls/wire/core";
import { repairsGaps } from "../model/abilities.js";
import type { ActiveTransaction } from "../model/transaction.js";
import { jsonReady, type JsonReady } from "./json.js";

/** Chat message of this user that is on its way, or lately was. */
export interface SentSnapshot extends JsonReady {
  /** Id of the message, as `ChatMessage.id`. */
  readonly id: string;
  /**
   * Members that have reported to have it. Members report rarely, and not all of them, so more may have it. A dishonest one can
   * report a message that it lacks.
   */
  readonly deliveredTo: readonly MemberId[];
}

/** This user's last chat messages, oldest first. */
export function sentSnapshots(tx: ActiveTransaction): readonly SentSnapshot[] {
  const { sent, queued, reported } = tx.state.chat;
  if (!repairsGaps(tx)) return [];
  return [...sent, ...queued].map((message) => {
    const id = bytesToHex(message.id);
    return jsonReady({ id, deliveredTo: reported.get(id) ?? [] });
  });
}
