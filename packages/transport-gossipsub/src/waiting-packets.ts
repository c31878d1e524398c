import { DemlsError, type CancelTimer, type Clock } from "@demls/wire/core";

/** Tries to send a packet: how many peers took it. It throws where it can never be sent. */
export type Attempt = () => Promise<number>;

/** Packets and bytes that wait at most; one more is refused, for what came before may be what it depends on. */
const MAX_WAITING = 1_024;
const MAX_WAITING_BYTES = 16 * 1_048_576;

interface WaitingPacket {
  readonly topic: string;
  readonly attempt: Attempt;
  readonly settle: (error?: Error) => void;
}

/**
 * Packets that no peer could take yet, in the order of publishing. Each is tried again whenever the network has
 * changed, and refused when its time is up: none is lost in silence.
 */
export class WaitingPackets {
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  /** In the order of publishing. */
  readonly #waiting = new Set<WaitingPacket>();
  #bytes = 0;
  #closed: Error | undefined;
  #isTrying = false;
  #isStale = false;

  constructor(clock: Clock, timeoutMs: number) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
  }

  /** How many packets wait. */
  get count(): number {
    return this.#waiting.size;
  }

  /** Whether a packet of `topic` waits: a later one has to wait behind it. */
  hasTopic(topic: string): boolean {
    return [...this.#waiting].some((packet) => packet.topic === topic);
  }

  /**
   * Resolves when a peer took the packet.
   *
   * @throws DemlsError `no-peers` when the time is up, `too-many-waiting` at once where the queue is full; what
   *   `attempt` throws; what {@link WaitingPackets.close} was given.
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

  /** The network has changed: tries each packet again, one after the other. */
  async retry(): Promise<void> {
    if (this.#isTrying) {
      this.#isStale = true;
      return;
    }
    this.#isTrying = true;
    do {
      this.#isStale = false;
      const without = new Set<string>();
      // A set is walked as it is: who comes meanwhile has its turn, who has left it has none.
      for (const packet of this.#waiting) {
        if (without.has(packet.topic)) continue;
        if (!(await this.#isTaken(packet))) without.add(packet.topic);
      }
    } while (this.#isStale);
    this.#isTrying = false;
  }

  /** Refuses what waits, and what would from now on. */
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
    message: "No peer that listens to the conversation could be reached.",
    remedy: "Dial a member's address, or wait until one dials; then publish again.",
  });
}

function tooManyWaiting(): DemlsError<"too-many-waiting"> {
  return new DemlsError("too-many-waiting", {
    message: `More than ${MAX_WAITING} packets, or ${MAX_WAITING_BYTES} bytes, would wait for a peer.`,
    remedy: "Wait until one is connected, and publish again.",
  });
}
