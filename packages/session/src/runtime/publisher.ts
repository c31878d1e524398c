import type { CancelTimer, Clock, Packet, Transport } from "@demls/wire/core";
import { createDeferred } from "./deferred.js";
import type { Input } from "../model/input.js";
import { LIMITS } from "../model/limits.js";
import type { OutboxEntry } from "../model/messages.js";

/** Publishes packets from an outbox one at a time, in order. */
export class OutboxPublisher {
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #report: (result: Input) => void;
  #isBusy = false;
  #cancelTimeout: CancelTimer | undefined;

  /** @param report - receives the result of each packet. */
  constructor(parts: { transport: Transport; clock: Clock }, report: (result: Input) => void) {
    this.#transport = parts.transport;
    this.#clock = parts.clock;
    this.#report = report;
  }

  /** Publishes the oldest packet if it is due and no other is being published. */
  async publishNext([entry]: readonly OutboxEntry[]): Promise<void> {
    if (entry === undefined || this.#isBusy || entry.notBeforeMs > this.#clock.monotonicMs()) return;
    this.#isBusy = true;
    const { sequence, packet } = entry;
    const isPublished = await this.#publish(packet);
    this.#report({ kind: isPublished ? "published" : "publishFailed", sequence });
  }

  /**
   * Allows the next packet. Called by the step that removes the last packet from the outbox, so that none is published
   * twice.
   */
  noteReported(): void {
    this.#isBusy = false;
  }

  close(): void {
    this.#cancelTimeout?.();
  }

  /**
   * Whether the transport accepted a packet. A timeout counts as a failure, so that other packets are not blocked
   * forever. Members detect a packet that is published twice.
   */
  #publish(packet: Packet): Promise<boolean> {
    const { promise, resolve } = createDeferred<boolean>();
    const atMs = this.#clock.monotonicMs() + LIMITS.publishTimeoutMs;
    this.#cancelTimeout = this.#clock.wakeAt(atMs, () => resolve(false));
    // In a microtask, because a transport may throw before it returns a promise.
    Promise.resolve()
      .then(() => this.#transport.publish(packet))
      .then(
        () => resolve(true),
        () => resolve(false),
      );
    return promise.finally(() => this.#cancelTimeout?.());
  }
}
