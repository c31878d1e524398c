import type { Packet } from "../../packages/wire/dist/index.js";

/** A queue of the packets that a transport delivers. */
export class Inbox {
  readonly #delivered: Packet[] = [];
  readonly #takers: ((packet: Packet) => void)[] = [];

  /** The listener to subscribe with. */
  readonly deliver = (packet: Packet): void => {
    const taker = this.#takers.shift();
    if (taker) taker(packet);
    else this.#delivered.push(packet);
  };

  /** Takes the next packet, and waits for one if the queue is empty. */
  next(): Promise<Packet> {
    const packet = this.#delivered.shift();
    return packet ? Promise.resolve(packet) : new Promise((resolve) => this.#takers.push(resolve));
  }
}
