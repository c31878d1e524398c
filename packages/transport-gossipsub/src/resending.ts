import type { CancelTimer, Clock } from "@demls/wire/core";
import { KeptPackets, type SentPacket } from "./kept-packets.js";

/** How long after a newcomer packets are sent again, in ms: by then the peers between have it in their mesh too. */
const SETTLING_MS = 1_500;

/** Between two rounds of the same topic, in ms: who comes and goes all the time gets no more out of it. */
const ROUND_MS = 10_000;

/**
 * Sends the packets of the last minute once more when a peer has come to their topic: gossipsub itself offers a
 * newcomer nothing of what went before, be it new or back after its connections were lost.
 *
 * All members do so, whoever's packets they are, for not all are neighbours of the newcomer. The number of a round is
 * the time in tens of seconds, so that they mostly send the very same messages, each of which travels once.
 */
export class Resending {
  readonly #clock: Clock;
  readonly #send: (sent: SentPacket, round: number) => Promise<unknown>;
  /** Apart, for strangers can bring as much as they like: it takes no place from the own ones. */
  readonly #own: KeptPackets;
  readonly #heard: KeptPackets;
  /** Each topic's next round, or its last. */
  readonly #rounds = new Map<string, { readonly atMs: number; readonly cancel: CancelTimer }>();

  /** @param send - sends a packet again, in the round of that number. */
  constructor(clock: Clock, send: (sent: SentPacket, round: number) => Promise<unknown>) {
    this.#clock = clock;
    this.#send = send;
    this.#own = new KeptPackets(clock);
    this.#heard = new KeptPackets(clock);
  }

  /** An own packet was sent. */
  keepOwn(sent: SentPacket): void {
    this.#own.keep(sent);
  }

  /** Another's packet came, for the first time. */
  keepHeard(sent: SentPacket): void {
    this.#heard.keep(sent);
  }

  /** A peer has come to the topic. */
  noteNewcomer(topic: string): void {
    const nowMs = this.#clock.monotonicMs();
    const last = this.#rounds.get(topic);
    if ((last && last.atMs > nowMs) || this.#kept(topic).length === 0) return;
    const atMs = Math.max(nowMs + SETTLING_MS, (last?.atMs ?? -Infinity) + ROUND_MS);
    const cancel = this.#clock.wakeAt(atMs, () => void this.#resend(topic));
    this.#rounds.set(topic, { atMs, cancel });
  }

  /** A topic is left: nothing is sent there any more. */
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
    // What is not sent, since another member has just done it or nobody is there any more, nobody waits for.
    for (const sent of this.#kept(topic)) await this.#send(sent, round).catch(() => undefined);
  }

  /** By their timestamps, which is nearly the order that they were sent in. */
  #kept(topic: string): SentPacket[] {
    const kept = [...this.#own.of(topic), ...this.#heard.of(topic)];
    return kept.sort((a, b) => Number(a.timestamp - b.timestamp));
  }
}
