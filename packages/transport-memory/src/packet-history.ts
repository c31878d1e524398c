import { DemlsError, requireSince, type Clock, type Packet } from "@demls/wire/core";

import { copyPacket } from "./packet-copy.js";

const DEFAULT_PACKETS = 4_096;
const DEFAULT_BYTES = 16_777_216;

/** Bounds of the packets that a memory network keeps: whole numbers of at least 1. */
export interface HistoryBounds {
  /**
   * Maximum number of packets.
   *
   * @defaultValue `4_096`
   */
  readonly packets?: number;
  /**
   * Maximum bytes of payloads and instance ids, and characters of names. A larger packet is not kept.
   *
   * @defaultValue `16_777_216`
   */
  readonly bytes?: number;
}

/** Settings of {@link packetHistory}. */
export interface PacketHistoryOptions {
  readonly clock?: Clock;
  readonly history?: HistoryBounds;
}

/** Question to a {@link PacketHistory}. */
export interface HistoryQuery {
  readonly conversationId: string;
  readonly since: number;
  /** Error of the call, if any. */
  readonly refusal: DemlsError | undefined;
  /** Whether the iteration has been ended from outside. */
  readonly isOver: () => boolean;
}

interface Kept {
  readonly packet: Packet;
  readonly atMs: number;
}

/** @throws DemlsError `invalid-history`, `missing-clock` */
export function packetHistory({ clock, history }: PacketHistoryOptions): PacketHistory | undefined {
  if (history === undefined) return undefined;
  const { packets = DEFAULT_PACKETS, bytes = DEFAULT_BYTES } = history;
  if (!isBound(packets)) throw invalidHistory("packets");
  if (!isBound(bytes)) throw invalidHistory("bytes");
  if (clock === undefined) throw missingClock();
  return new PacketHistory(clock, { packets, bytes });
}

/** The packets that a network keeps, in the order of publishing. */
export class PacketHistory {
  readonly #clock: Clock;
  readonly #bounds: Required<HistoryBounds>;
  readonly #kept: Kept[] = [];
  /** Number of packets evicted before the first kept one. */
  #evicted = 0;
  #bytes = 0;

  constructor(clock: Clock, bounds: Required<HistoryBounds>) {
    this.#clock = clock;
    this.#bounds = bounds;
  }

  keep(packet: Packet): void {
    const bytes = bytesOf(packet);
    if (bytes > this.#bounds.bytes) return;
    this.#kept.push({ packet, atMs: this.#clock.wallMs() });
    this.#bytes += bytes;
    while (this.#kept.length > this.#bounds.packets || this.#bytes > this.#bounds.bytes) this.#evict();
  }

  /** Yields copies of the packets kept now, until `isOver`; those evicted meanwhile are left out. */
  async *read({ conversationId, since, refusal, isOver }: HistoryQuery): AsyncGenerator<Packet, undefined> {
    if (refusal) throw refusal;
    const sinceMs = requireSince(since);
    const end = this.#evicted + this.#kept.length;
    for (let next = this.#evicted; next < end && !isOver(); next += 1) {
      const kept = this.#kept[next - this.#evicted];
      if (kept && isAskedFor(kept, conversationId, sinceMs)) yield copyPacket(kept.packet);
    }
    return undefined;
  }

  #evict(): void {
    const first = this.#kept.shift();
    if (first === undefined) return;
    this.#evicted += 1;
    this.#bytes -= bytesOf(first.packet);
  }
}

function isAskedFor({ packet, atMs }: Kept, conversationId: string, sinceMs: number): boolean {
  return packet.conversationId === conversationId && atMs >= sinceMs;
}

function bytesOf({ payload, appId, conversationId, subtopic }: Packet): number {
  return payload.length + appId.length + conversationId.length + subtopic.length;
}

function isBound(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1;
}

function invalidHistory(field: "packets" | "bytes"): DemlsError<"invalid-history"> {
  return new DemlsError("invalid-history", {
    message: `The maximum number of ${field} in the history is invalid.`,
    field: `history.${field}`,
    remedy: "Pass a whole number of at least 1, or leave it out.",
  });
}

function missingClock(): DemlsError<"missing-clock"> {
  return new DemlsError("missing-clock", {
    message: "A history needs a clock for the times of its packets.",
    field: "clock",
    remedy: "Pass clock beside history, or leave history out.",
  });
}
