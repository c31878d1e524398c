import { decodeAppMessage } from "@demls/wire";
import { bytesEqual, bytesToHex } from "@demls/wire/core";
import { parseSealedMessage } from "./sealed-message.js";

/** Generation of one sender in one epoch: a key that must seal only one message. */
export interface SpentGeneration {
  readonly groupId: string;
  readonly epoch: bigint;
  /** The sender's leaf index. */
  readonly leaf: number;
  readonly ratchet: "application" | "handshake";
  readonly generation: number;
}

/** Ledger of the generations that fake MLS messages were sealed with. */
export interface GenerationLedger {
  /**
   * Records a message that was sealed or published: a fake MLS message, or a packet's payload that contains some, such
   * as a commit candidate. Repeated messages are allowed, other bytes are ignored.
   */
  note(payload: Uint8Array): void;
  /** Generations seen in two different messages, in order of detection. */
  readonly reused: readonly SpentGeneration[];
}

/**
 * Empty ledger. Pass it to a fake service to record everything it seals. Or call `note` with the packets that a
 * transport publishes: messages sealed in an aborted step are then not counted.
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

  /** Returns whether the bytes are a message. */
  function noteMessage(bytes: Uint8Array): boolean {
    const message = parseSealedMessage(bytes);
    if (message === undefined) return false;
    const { groupId, epoch, epochId, leaf, generation, kind } = message;
    const ratchet = kind === "application" ? "application" : "handshake";
    const key = [bytesToHex(epochId), leaf, ratchet, generation].join("/");
    const former = seen.get(key);
    if (former === undefined) seen.set(key, Uint8Array.from(bytes));
    else if (!bytesEqual(former, bytes)) reused.push({ groupId, epoch, leaf, ratchet, generation });
    return true;
  }

  function note(payload: Uint8Array): void {
    // First, since most payloads are messages, and decoding one as a candidate takes a while to fail.
    if (noteMessage(payload)) return;
    const decoded = decodeAppMessage(payload);
    if (!decoded.ok || decoded.value.kind !== "commit_candidate") return;
    const { mlsProposals, commitMessage } = decoded.value.candidate;
    for (const bytes of [...mlsProposals, commitMessage]) noteMessage(bytes);
  }

  return { note, reused };
}
