import type { CancelTimer, Clock } from "@demls/wire/core";
import { KeptPackets, type SentPacket } from "./kept-packets.js";

/** Delay of resending after a peer subscribes, in ms: by then the mesh includes it. */
const SETTLING_MS = 1_500;

/** Minimum interval between two rounds on a topic, in ms. Repeated subscriptions cause no further rounds. */
const ROUND_MS = 10_000;

/**
 * Resends the packets of the last minute when a peer subscribes to their topic, for the first time or after lost
 * connections. gossipsub itself does not offer earlier messages to a new subscriber.
 *
 * All members resend all packets, since not all are neighbours of the peer. A round's number is the time in tens of
 * seconds. So the messages of several members are mostly identical, and each is forwarded once.
 */
export class Resending {
  readonly #clock: Clock;
  readonly #send: (sent: SentPacket, round: number) => Promise<unknown>;
  /** Others' packets have a separate buffer, so that strangers cannot evict own packets. */
  readonly #own: KeptPackets;
  readonly #heard: KeptPackets;
  /** Time of each topic's next or last round. */
  readonly #rounds = new Map<string, { readonly atMs: number; readonly cancel: CancelTimer }>();

  /** @param send - sends a packet again, with the number of the round */
  constructor(clock: Clock, send: (sent: SentPacket, round: number) => Promise<unknown>) {
    this.#clock = clock;
    this.#send = send;
    this.#own = new KeptPackets(clock);
    this.#heard = new KeptPackets(clock);
  }

  /** Records an own packet that was sent. */
  keepOwn(sent: SentPacket): void {
    this.#own.keep(sent);
  }

  /** Records another's packet at its first arrival. */
  keepHeard(sent: SentPacket): void {
    this.#heard.keep(sent);
  }

  /** Schedules a round for a peer that subscribed to the topic. */
  noteNewcomer(topic: string): void {
    const nowMs = this.#clock.monotonicMs();
    const last = this.#rounds.get(topic);
    if ((last && last.atMs > nowMs) || this.#kept(topic).length === 0) return;
    const atMs = Math.max(nowMs + SETTLING_MS, (last?.atMs ?? -Infinity) + ROUND_MS);
    const cancel = this.#clock.wakeAt(atMs, () => void this.#resend(topic));
    this.#rounds.set(topic, { atMs, cancel });
  }

  /** Cancels the rounds of a topic that is left. */
  leave(topic: string): void {
    this.#rounds.get(topic)?.cancel();
    this.#rounds.delete(topic);
    this.#own.forget(topic);
    this.#heard.forget(topic);
  }

  close(): void {
    for (const topic of [...this.#rounds.keys()]) this.leave(topic);
  }

  async #resend(topic: string): Promise<void> {
    const round = Math.max(1, Math.floor(this.#clock.wallMs() / ROUND_MS));
    // A resent packet may have no recipients, because another member just sent it or all peers left: it does not wait.
    for (const sent of this.#kept(topic)) await this.#send(sent, round).catch(() => undefined);
  }

  /** Sorted by timestamp, which is nearly the order of sending. */
  #kept(topic: string): SentPacket[] {
    const kept = [...this.#own.of(topic), ...this.#heard.of(topic)];
    return kept.sort((a, b) => Number(a.timestamp - b.timestamp));
  }
}
