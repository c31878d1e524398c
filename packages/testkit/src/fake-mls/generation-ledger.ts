import { decodeAppMessage } from "@demls/wire";
import { bytesEqual, bytesToHex } from "@demls/wire/core";
import { parseSealedMessage } from "./sealed-message.js";

/** A generation of one sender in one epoch: a key that must seal one message and no second. */
export interface SpentGeneration {
  readonly groupId: string;
  readonly epoch: bigint;
  /** The sender's leaf index. */
  readonly leaf: number;
  readonly ratchet: "application" | "handshake";
  readonly generation: number;
}

/** Watches over which generations fake MLS messages were sealed with. */
export interface GenerationLedger {
  /**
   * Takes down a message that was sealed or is published: a fake MLS message, or the payload of a packet that
   * holds some, as a commit candidate does. The same bytes may come again. Anything else is passed over.
   */
  note(payload: Uint8Array): void;
  /** Those that have been seen in two different messages, in the order in which that was noticed. */
  readonly reused: readonly SpentGeneration[];
}

/**
 * A ledger that has seen nothing. Give it to a fake service to watch over all it seals, or feed it with what a
 * transport publishes, where only that counts: what was sealed in a step that came to nothing did no harm.
 *
 * @example
 * ```ts
 * const ledger = createGenerationLedger();
 * ledger.note(packet.payload);
 * expect(ledger.reused).toEqual([]);
 * ```
 */
export function createGenerationLedger(): GenerationLedger {
  const seen = new Map<string, Uint8Array>();
  const reused: SpentGeneration[] = [];

  function noteMessage(bytes: Uint8Array): void {
    const message = parseSealedMessage(bytes);
    if (message === undefined) return;
    const { groupId, epoch, epochId, leaf, generation, kind } = message;
    const ratchet = kind === "application" ? "application" : "handshake";
    const key = [bytesToHex(epochId), leaf, ratchet, generation].join("/");
    const former = seen.get(key);
    if (former === undefined) seen.set(key, Uint8Array.from(bytes));
    else if (!bytesEqual(former, bytes)) reused.push({ groupId, epoch, leaf, ratchet, generation });
  }

  function note(payload: Uint8Array): void {
    const decoded = decodeAppMessage(payload);
    if (!decoded.ok || decoded.value.kind !== "commit_candidate") return noteMessage(payload);
    const { mlsProposals, commitMessage } = decoded.value.candidate;
    for (const bytes of [...mlsProposals, commitMessage]) noteMessage(bytes);
  }

  return { note, reused };
}
