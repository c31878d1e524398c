import type { CancelTimer, Clock, RandomSource } from "@demls/wire/core";
import type { DialledAddress } from "./dialled-address.js";

/** How long one dial may take, in ms. */
const DIAL_TIMEOUT_MS = 10_000;

/** The longest wait before the second dial, in ms; it doubles with each failure. */
const FIRST_WAIT_MS = 500;

/** The longest wait of all, in ms. */
const LAST_WAIT_MS = 30_000;

/** A connection that lasted so long, in ms, makes the next wait short again. */
const HELD_MS = 5_000;

/** What addresses are dialled with. */
export interface Dialling {
  readonly clock: Clock;
  readonly random: RandomSource;
  /** Connects to the peer at an address, or finds that it is connected: its id. */
  dial(address: string, signal: AbortSignal): Promise<string>;
  isConnected(peerId: string): boolean;
}

type State =
  | { readonly kind: "dialling"; readonly stop: AbortController }
  | { readonly kind: "connected"; readonly sinceMs: number }
  | { readonly kind: "waiting"; readonly atMs: number; readonly cancel: CancelTimer }
  | { readonly kind: "stopped" };

/**
 * Dials an address again and again: when a dial fails and when the connection is lost, after a wait that doubles and
 * has a random part, so that members who lost the same peer do not come back to it all at once.
 */
export class KeptAddress {
  readonly #address: string;
  readonly #dialling: Dialling;
  readonly #onChange: () => void;
  #state: State = { kind: "stopped" };
  /** The dial under way. */
  #attempt: Promise<void> = Promise.resolve();
  /** Who was found there, or who the address says is there. */
  #peerId: string | undefined;
  #failures = 0;
  #lastError: string | undefined;

  /** @param peerId - whom the address names, if it does */
  constructor(address: string, peerId: string | undefined, dialling: Dialling, onChange: () => void) {
    this.#address = address;
    this.#peerId = peerId;
    this.#dialling = dialling;
    this.#onChange = onChange;
  }

  get view(): DialledAddress {
    const state = this.#state;
    return {
      address: this.#address,
      state: state.kind === "stopped" ? "waiting" : state.kind,
      failures: this.#failures,
      ...(state.kind === "waiting" && { nextAtMs: state.atMs }),
      ...(this.#lastError !== undefined && { lastError: this.#lastError }),
    };
  }

  /**
   * Dials now, unless it is connected or being dialled. It is dialled again for as long as {@link KeptAddress.stop} is
   * not called, however this ends.
   *
   * @throws what the dial fails with
   */
  connect(): Promise<void> {
    const state = this.#state;
    if (state.kind === "connected") return Promise.resolve();
    if (state.kind === "dialling") return this.#attempt;
    if (state.kind === "waiting") state.cancel();
    const stop = new AbortController();
    this.#become({ kind: "dialling", stop });
    this.#attempt = this.#dial(stop);
    return this.#attempt;
  }

  /** A peer has connected: the dial that is waited for would find it so. */
  noteConnected(peerId: string): void {
    if (this.#peerId === peerId && this.#state.kind === "waiting") this.#connectInBackground();
  }

  /** No connection to a peer is left. */
  noteLost(peerId: string): void {
    if (this.#peerId === peerId && this.#state.kind === "connected") this.#lose(this.#state.sinceMs);
  }

  /** Dials no more, until {@link KeptAddress.connect} is called. */
  stop(): void {
    const state = this.#state;
    this.#failures = 0;
    this.#become({ kind: "stopped" });
    if (state.kind === "waiting") state.cancel();
    if (state.kind === "dialling") state.stop.abort(new Error("The dial was given up."));
  }

  async #dial(stop: AbortController): Promise<void> {
    const { clock, dial, isConnected } = this.#dialling;
    const timedOut = (): void => stop.abort(new Error(`No answer within ${DIAL_TIMEOUT_MS / 1_000} s.`));
    const cancel = clock.wakeAt(clock.monotonicMs() + DIAL_TIMEOUT_MS, timedOut);
    const isStopped = (): boolean => this.#state.kind !== "dialling" || this.#state.stop !== stop;
    try {
      const peerId = await dial(this.#address, stop.signal);
      stop.signal.throwIfAborted();
      this.#peerId = peerId;
      this.#lastError = undefined;
      this.#become({ kind: "connected", sinceMs: clock.monotonicMs() });
      if (!isConnected(peerId)) this.#lose(clock.monotonicMs());
    } catch (error) {
      if (!isStopped()) this.#wait(reasonOf(stop.signal.aborted ? stop.signal.reason : error));
      throw error;
    } finally {
      cancel();
    }
  }

  #lose(sinceMs: number): void {
    if (this.#dialling.clock.monotonicMs() - sinceMs >= HELD_MS) this.#failures = 0;
    this.#wait(undefined);
  }

  #wait(lastError: string | undefined): void {
    const { clock, random } = this.#dialling;
    const longestMs = Math.min(FIRST_WAIT_MS * 2 ** this.#failures, LAST_WAIT_MS);
    const atMs = clock.monotonicMs() + (longestMs / 2) * (1 + fractionOf(random));
    this.#failures += 1;
    this.#lastError = lastError;
    this.#become({ kind: "waiting", atMs, cancel: clock.wakeAt(atMs, () => this.#connectInBackground()) });
  }

  #connectInBackground(): void {
    // What it fails with is in the view.
    this.connect().catch(() => undefined);
  }

  #become(state: State): void {
    this.#state = state;
    this.#onChange();
  }
}

/** A number from 0 to 1. */
function fractionOf(random: RandomSource): number {
  const [byte = 0] = random.bytes(1);
  return byte / 255;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
