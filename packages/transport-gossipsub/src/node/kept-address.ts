import type { CancelTimer, Clock, RandomSource } from "@demls/wire/core";
import type { DialledAddress } from "./dialled-address.js";

/** Timeout of one dial, in ms. */
const DIAL_TIMEOUT_MS = 10_000;

/** Maximum wait before the second dial, in ms; it doubles with each failure. */
const FIRST_WAIT_MS = 500;

/** Maximum wait, in ms. */
const LAST_WAIT_MS = 30_000;

/** Time after which a connection counts as lasting, in ms, and resets the wait. */
const HELD_MS = 5_000;

/** Dependencies of {@link KeptAddress}. */
export interface Dialling {
  readonly clock: Clock;
  readonly random: RandomSource;
  /** Connects to the peer at an address, or finds it connected, and returns its id. */
  dial(address: string, signal: AbortSignal): Promise<string>;
  isConnected(peerId: string): boolean;
}

type State =
  | { readonly kind: "dialling"; readonly stop: AbortController }
  | { readonly kind: "connected"; readonly sinceMs: number }
  | { readonly kind: "waiting"; readonly atMs: number; readonly cancel: CancelTimer }
  | { readonly kind: "stopped" };

/**
 * Keeps an address connected: dials again after a failed dial or a lost connection. The wait doubles and has a random
 * part, so that members that lost the same peer do not all return at once.
 */
export class KeptAddress {
  readonly #address: string;
  readonly #dialling: Dialling;
  readonly #onChange: () => void;
  #state: State = { kind: "stopped" };
  /** The current dial. */
  #attempt: Promise<void> = Promise.resolve();
  /** The peer found there, or the one in the address. */
  #peerId: string | undefined;
  #failures = 0;
  #lastError: string | undefined;

  /** @param peerId - the peer in the address, if any */
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
   * Dials now unless connected or dialling. Later dials follow, whatever the result, until {@link KeptAddress.stop}.
   *
   * @throws the dial's error
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

  /** A peer has connected: a scheduled dial finds the connection. */
  noteConnected(peerId: string): void {
    if (this.#peerId === peerId && this.#state.kind === "waiting") this.#connectInBackground();
  }

  /** The last connection to a peer has closed. */
  noteLost(peerId: string): void {
    if (this.#peerId === peerId && this.#state.kind === "connected") this.#lose(this.#state.sinceMs);
  }

  /** Stops dialling until {@link KeptAddress.connect} is called. */
  stop(): void {
    const state = this.#state;
    this.#failures = 0;
    this.#become({ kind: "stopped" });
    if (state.kind === "waiting") state.cancel();
    if (state.kind === "dialling") state.stop.abort(new Error("The dial was aborted."));
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
    // The state has the error.
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
