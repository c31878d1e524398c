import type { Packet } from "../../packages/wire/dist/index.js";

/** The packets that a transport delivers, to be taken one after the other. */
export class Inbox {
  readonly #delivered: Packet[] = [];
  readonly #takers: ((packet: Packet) => void)[] = [];

  /** The listener to subscribe with. */
  readonly deliver = (packet: Packet): void => {
    const taker = this.#takers.shift();
    if (taker) taker(packet);
    else this.#delivered.push(packet);
  };

  /** The next packet: one that is there, or else the first to come. */
  next(): Promise<Packet> {
    const packet = this.#delivered.shift();
    return packet ? Promise.resolve(packet) : new Promise((resolve) => this.#takers.push(resolve));
  }
}
