import { DemlsError } from "@demls/wire/core";
import { BehaviorSubject } from "rxjs";
import type { DialledAddress } from "./dialled-address.js";
import { KeptAddress, type Dialling } from "./kept-address.js";

/** Addresses that are kept connected at most; one more is refused. */
const MAX_ADDRESSES = 64;

/** The addresses that a node keeps connected while it is online. */
export class KeptAddresses {
  readonly #dialling: Dialling;
  readonly #kept = new Map<string, KeptAddress>();
  readonly states$ = new BehaviorSubject<readonly DialledAddress[]>([]);

  constructor(dialling: Dialling) {
    this.#dialling = dialling;
  }

  /**
   * The address, kept from now on if it was not before.
   *
   * @param peerId - whom the address names, if it does
   * @throws DemlsError `too-many-addresses`
   */
  keep(address: string, peerId: string | undefined): KeptAddress {
    const known = this.#kept.get(address);
    if (known) return known;
    if (this.#kept.size >= MAX_ADDRESSES) throw tooManyAddresses();
    const kept = new KeptAddress(address, peerId, this.#dialling, () => this.#publish());
    this.#kept.set(address, kept);
    this.#publish();
    return kept;
  }

  noteConnected(peerId: string): void {
    for (const kept of this.#kept.values()) kept.noteConnected(peerId);
  }

  noteLost(peerId: string): void {
    for (const kept of this.#kept.values()) kept.noteLost(peerId);
  }

  /** Dials each now that is not connected. */
  connect(): void {
    // What a dial fails with is in the state of its address, and it is tried again.
    for (const kept of this.#kept.values()) kept.connect().catch(() => undefined);
    this.#publish();
  }

  /** Dials none until {@link KeptAddresses.connect} is called. */
  stop(): void {
    for (const kept of this.#kept.values()) kept.stop();
    this.#publish();
  }

  #publish(): void {
    this.states$.next([...this.#kept.values()].map(({ view }) => view));
  }
}

function tooManyAddresses(): DemlsError<"too-many-addresses"> {
  return new DemlsError("too-many-addresses", {
    message: `More than ${MAX_ADDRESSES} addresses would be kept connected.`,
    field: "dial",
    remedy: "Dial fewer members: a few are enough to be reached by all.",
  });
}
