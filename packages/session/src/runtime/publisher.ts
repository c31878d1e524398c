import { isNobodyThere, type CancelTimer, type Clock, type Packet, type Transport } from "@demls/wire/core";
import { createDeferred } from "./deferred.js";
import type { Input } from "../model/input.js";
import { LIMITS } from "../model/limits.js";
import type { OutboxEntry } from "../model/messages.js";

/** Time in ms after which a packet that nobody was there to take is published again. */
const NOBODY_RETRY_MS = 1_000;

type Result = "published" | "publishFailed" | "nobodyThere";

/**
 * Publishes packets from an outbox one at a time, in order. While nobody is there to take them, they stay in it without a
 * failed attempt; the outbox bounds them.
 */
export class OutboxPublisher {
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #next: () => OutboxEntry | undefined;
  readonly #report: (result: Input) => void;
  #isBusy = false;
  #isClosed = false;
  #cancelTimer: CancelTimer | undefined;

  /**
   * @param next - the packet to publish next, if any.
   * @param report - receives the result of each packet.
   */
  constructor(
    { transport, clock }: { readonly transport: Transport; readonly clock: Clock },
    next: () => OutboxEntry | undefined,
    report: (result: Input) => void,
  ) {
    this.#transport = transport;
    this.#clock = clock;
    this.#next = next;
    this.#report = report;
  }

  /** Publishes the oldest packet if it is due and no other is being published. */
  async publishNext(): Promise<void> {
    const entry = this.#next();
    if (this.#isClosed || this.#isBusy) return;
    if (entry === undefined || entry.notBeforeMs > this.#clock.monotonicMs()) return;
    this.#isBusy = true;
    const { sequence, packet } = entry;
    const kind = await this.#publish(packet);
    if (kind === "nobodyThere") this.#retryLater();
    else this.#report({ kind, sequence });
  }

  /**
   * Allows the next packet. Called by the step that removes the last packet from the outbox, so that none is published
   * twice.
   */
  noteReported(): void {
    this.#isBusy = false;
  }

  /** Publishes nothing from now on. */
  close(): void {
    this.#isClosed = true;
    this.#cancelTimer?.();
  }

  /** The conversation may have withdrawn the packet by then. */
  #retryLater(): void {
    if (this.#isClosed) return;
    this.#wakeAfter(NOBODY_RETRY_MS, () => {
      this.#isBusy = false;
      void this.publishNext();
    });
  }

  /**
   * Whether the transport accepted a packet. A timeout counts as a failure, so that other packets are not blocked
   * forever. Members detect a packet that is published twice.
   */
  #publish(packet: Packet): Promise<Result> {
    const { promise, resolve } = createDeferred<Result>();
    this.#wakeAfter(LIMITS.publishTimeoutMs, () => resolve("publishFailed"));
    // In a microtask, because a transport may throw before it returns a promise.
    Promise.resolve()
      .then(() => this.#transport.publish(packet))
      .then(
        () => resolve("published"),
        (error: unknown) => resolve(isNobodyThere(error) ? "nobodyThere" : "publishFailed"),
      );
    return promise.finally(() => this.#cancelTimer?.());
  }

  #wakeAfter(ms: number, wake: () => void): void {
    this.#cancelTimer = this.#clock.wakeAt(this.#clock.monotonicMs() + ms, wake);
  }
}

/**
 * The oldest packet of an outbox, if it is stored: a key whose use is lost would encrypt again.
 *
 * @param stored - the outbox of the stored state.
 */
export function storedPacket(
  [oldest]: readonly OutboxEntry[],
  stored: readonly OutboxEntry[],
): OutboxEntry | undefined {
  return stored.some(({ packet }) => packet === oldest?.packet) ? oldest : undefined;
}
