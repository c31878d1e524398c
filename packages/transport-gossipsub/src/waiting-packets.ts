import { DemlsError, type CancelTimer, type Clock } from "@demls/wire/core";

/** Tries to send a packet and returns the number of peers that it was sent to. Throws if it can never be sent. */
export type Attempt = () => Promise<number>;

/** Maximum waiting packets and bytes. The newest is rejected, because later packets may depend on earlier ones. */
const MAX_WAITING = 1_024;
const MAX_WAITING_BYTES = 16 * 1_048_576;

interface WaitingPacket {
  readonly topic: string;
  readonly attempt: Attempt;
  readonly settle: (error?: Error) => void;
}

/**
 * Packets without a peer, in the order of publishing. Each is tried again whenever the network changes and rejected at
 * its timeout, so none is lost silently.
 */
export class WaitingPackets {
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  /** Waiting packets in the order of publishing. */
  readonly #waiting = new Set<WaitingPacket>();
  #bytes = 0;
  #closed: Error | undefined;
  #isTrying = false;
  #isStale = false;

  constructor(clock: Clock, timeoutMs: number) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
  }

  /** Number of waiting packets. */
  get count(): number {
    return this.#waiting.size;
  }

  /** Whether a packet of `topic` waits: later ones wait behind it. */
  hasTopic(topic: string): boolean {
    return [...this.#waiting].some((packet) => packet.topic === topic);
  }

  /**
   * Resolves when the packet was sent to a peer.
   *
   * @throws DemlsError `no-peers` at the timeout; `too-many-waiting` at once if the queue is full; errors of `attempt`;
   *   the error given to {@link WaitingPackets.close}
   */
  async wait(topic: string, bytes: number, attempt: Attempt): Promise<void> {
    if (this.#closed) throw this.#closed;
    if (this.#waiting.size >= MAX_WAITING || this.#bytes + bytes > MAX_WAITING_BYTES) throw tooManyWaiting();
    let cancel: CancelTimer = () => undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        const packet: WaitingPacket = {
          topic,
          attempt,
          settle: (error) => {
            if (this.#waiting.delete(packet)) this.#bytes -= bytes;
            if (error === undefined) resolve();
            else reject(error);
          },
        };
        this.#waiting.add(packet);
        this.#bytes += bytes;
        const atMs = this.#clock.monotonicMs() + this.#timeoutMs;
        cancel = this.#clock.wakeAt(atMs, () => packet.settle(noPeers()));
      });
    } finally {
      cancel();
    }
  }

  /** Tries each packet again, in order, after a change of the network. */
  async retry(): Promise<void> {
    if (this.#isTrying) {
      this.#isStale = true;
      return;
    }
    this.#isTrying = true;
    do {
      this.#isStale = false;
      const without = new Set<string>();
      // Iterating over a set includes entries added meanwhile and skips removed ones.
      for (const packet of this.#waiting) {
        if (without.has(packet.topic)) continue;
        if (!(await this.#isTaken(packet))) without.add(packet.topic);
      }
    } while (this.#isStale);
    this.#isTrying = false;
  }

  /** Rejects waiting packets and all later ones. */
  close(error: Error): void {
    this.#closed = error;
    for (const packet of [...this.#waiting]) packet.settle(error);
  }

  async #isTaken(packet: WaitingPacket): Promise<boolean> {
    try {
      const isTaken = (await packet.attempt()) > 0;
      if (isTaken) packet.settle();
      return isTaken;
    } catch (error) {
      packet.settle(error as Error);
      return true;
    }
  }
}

function noPeers(): DemlsError<"no-peers"> {
  return new DemlsError("no-peers", {
    message: "No peer subscribed to the conversation was reachable.",
    remedy: "Dial a member's address, or wait until one dials; then publish again.",
  });
}

function tooManyWaiting(): DemlsError<"too-many-waiting"> {
  return new DemlsError("too-many-waiting", {
    message: `More than ${MAX_WAITING} packets or ${MAX_WAITING_BYTES} bytes would wait for a peer.`,
    remedy: "Publish again once a peer is connected.",
  });
}
