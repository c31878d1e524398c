import { DemlsError } from "@demls/wire/core";
import { BehaviorSubject } from "rxjs";
import type { DialledAddress } from "./dialled-address.js";
import { KeptAddress, type Dialling } from "./kept-address.js";

/** Maximum number of kept addresses; a further one is rejected. */
const MAX_ADDRESSES = 64;

/** Addresses that a node keeps connected while online. */
export class KeptAddresses {
  readonly #dialling: Dialling;
  readonly #kept = new Map<string, KeptAddress>();
  readonly states$ = new BehaviorSubject<readonly DialledAddress[]>([]);

  constructor(dialling: Dialling) {
    this.#dialling = dialling;
  }

  /**
   * Returns the address, and keeps it from now on.
   *
   * @param peerId - the peer in the address, if any
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

  /** Dials each address that is not connected. */
  connect(): void {
    // The address's state has the error, and later dials follow.
    for (const kept of this.#kept.values()) kept.connect().catch(() => undefined);
    this.#publish();
  }

  /** Stops dialling until {@link KeptAddresses.connect} is called. */
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
    remedy: "Dial fewer members: a few connect to all.",
  });
}
