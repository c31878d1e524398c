import type { CancelTimer, Clock, Packet, Transport } from "@demls/wire/core";
import { createDeferred } from "./deferred.js";
import type { Input } from "../model/input.js";
import { LIMITS } from "../model/limits.js";
import type { OutboxEntry } from "../model/messages.js";

/** Publishes from an outbox, one packet at a time, so that they leave in the order they were decided. */
export class OutboxPublisher {
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #report: (result: Input) => void;
  #isBusy = false;
  #cancelTimeout: CancelTimer | undefined;

  /** @param report - takes what became of each packet. */
  constructor(parts: { transport: Transport; clock: Clock }, report: (result: Input) => void) {
    this.#transport = parts.transport;
    this.#clock = parts.clock;
    this.#report = report;
  }

  /** Publishes the oldest packet, where it is due and none is under way. */
  async publishNext([entry]: readonly OutboxEntry[]): Promise<void> {
    if (entry === undefined || this.#isBusy || entry.notBeforeMs > this.#clock.monotonicMs()) return;
    this.#isBusy = true;
    const { sequence, packet } = entry;
    const isPublished = await this.#publish(packet);
    this.#report({ kind: isPublished ? "published" : "publishFailed", sequence });
  }

  /** A packet's report has come to its step: until then it still stands in the outbox. */
  noteReported(): void {
    this.#isBusy = false;
  }

  close(): void {
    this.#cancelTimeout?.();
  }

  /**
   * Whether the transport took a packet. One that it neither takes nor refuses in time counts as refused, so
   * that the others do not wait for it for good; should it go out after all, members know it by then.
   */
  #publish(packet: Packet): Promise<boolean> {
    const { promise, resolve } = createDeferred<boolean>();
    const atMs = this.#clock.monotonicMs() + LIMITS.publishTimeoutMs;
    this.#cancelTimeout = this.#clock.wakeAt(atMs, () => resolve(false));
    // In a step of its own: a transport may throw before it returns a promise.
    Promise.resolve()
      .then(() => this.#transport.publish(packet))
      .then(
        () => resolve(true),
        () => resolve(false),
      );
    return promise.finally(() => this.#cancelTimeout?.());
  }
}
