import { DemlsError } from "./error.js";
import type { Packet } from "./packet.js";

/** Ends the subscription that returned it. Idempotent. */
export type Unsubscribe = () => void;

/**
 * A session's verdict on a packet: `forged` if it is malformed or its sender is not authenticated; `unjudged` if its
 * epoch cannot be decrypted or it was decrypted before; `repeated` if it is a joiner's packet that was read a moment ago;
 * `passed` otherwise.
 */
export type PacketVerdict = "passed" | "forged" | "unjudged" | "repeated";

/**
 * Transport port: carries packets between members with best effort, any number of times, in any order.
 *
 * The counterpart of `DeliveryService` in de-mls 3.0.0. An implementation guarantees no delivery, order or
 * deduplication; the session handles all three. It must copy the bytes it is given or leave them unchanged, and must
 * not call a listener from within `publish` or `subscribe`. Its creator closes it; a user never does.
 */
export interface Transport {
  /**
   * Publishes a packet. Resolves when the network has accepted it, not when a member has received it.
   *
   * @throws DemlsError `no-peers` or `too-many-waiting` if nobody is there to take the packet: see {@link isNobodyThere}.
   *   The session then keeps it until somebody is. After any other error it tries six times with growing waits, then
   *   emits an `error` event.
   */
  publish(packet: Packet): Promise<void>;
  /**
   * Subscribes to a conversation: delivers its packets of all subtopics to `listener`. Delivery starts when the promise
   * resolves and ends when the returned function is called. Own packets may come back.
   */
  subscribe(conversationId: string, listener: (packet: Packet) => void): Promise<Unsubscribe>;
  /**
   * Optional: connects to members at these addresses, besides those that it knows, and resolves once it is connected to one.
   * Absent if the transport needs none. The addresses come from an invitation, so anyone may have written them: those that
   * it cannot use are left out. A failure is no reason to stop.
   *
   * @param addresses - each in the form that members of this transport share.
   * @throws if it can connect to none of them; it may go on trying. It rejects, and never throws by itself.
   */
  dial?(addresses: readonly string[]): Promise<void>;
  /**
   * Optional: whether packets of a conversation reach others well: this transport exchanges them with several subscribers, or with
   * all that it knows. A joiner waits for that, for three seconds at most, before it announces itself. It must not throw.
   */
  isConnected?(conversationId: string): boolean;
  /**
   * Optional: receives the session's verdict on each packet, identified by the object given to the listener. A
   * transport can then forward only genuine packets and cut off peers that send forged ones. It must not throw.
   */
  noteVerdict?(packet: Packet, verdict: PacketVerdict): void;
  /**
   * Optional: yields old packets of a conversation, of all subtopics, from a store, a relay or a keeper. Absent if the
   * transport has none.
   *
   * Packets come oldest first, each with its own bytes, and the iteration ends after the newest kept one. It is best
   * effort, and no store is trusted: packets may be absent, repeated or invented, and own ones may be among them. So
   * they are ordinary input, which MLS authenticates. A store may also never end: the consumer stops by `return()`,
   * as the end of a `for await` loop does. The transport reads at most one page ahead of the consumer.
   *
   * The call itself never throws. The iteration rejects with a DemlsError `history-unavailable` if no store answers to
   * the end, also after the first packets; with `invalid-since`; and with the codes of `subscribe`. It ends without an
   * error if `signal` is aborted or the transport closed, also within a call of `next()`.
   *
   * @param since - Unix time in ms, inclusive, by the wall clock of the sender or of the store
   *
   * @example
   * ```ts
   * for await (const packet of transport.history?.("garden", clock.wallMs() - 3_600_000) ?? []) {
   *   console.log(packet.subtopic);
   * }
   * ```
   */
  history?(conversationId: string, since: number, options?: HistoryOptions): AsyncIterable<Packet>;
}

/** Codes of the errors by which a transport says that nobody is there, and that too many packets wait for somebody. */
const NOBODY_THERE: ReadonlySet<string> = new Set(["no-peers", "too-many-waiting"]);

/** Whether a transport refused a packet for the only reason that nobody is there to take it. */
export function isNobodyThere(error: unknown): boolean {
  return error instanceof DemlsError && NOBODY_THERE.has(String(error.code));
}

/** Options of {@link Transport.history}. */
export interface HistoryOptions {
  /** Ends the iteration without an error. */
  readonly signal?: AbortSignal;
}

/**
 * Checks the start of a {@link Transport.history}.
 *
 * @param since - Unix time in ms; before 1970 is 1970
 * @returns whole milliseconds, rounded down
 * @throws DemlsError `invalid-since` if it is not a finite number
 */
export function requireSince(since: number): number {
  if (Number.isFinite(since)) return Math.max(0, Math.floor(since));
  throw new DemlsError("invalid-since", {
    message: `A history cannot begin at ${since}.`,
    field: "since",
    remedy: "Pass a time in Unix milliseconds, or 0 for all that is kept.",
  });
}

/**
 * Checks that `transport` is a transport.
 *
 * @throws DemlsError `missing-transport` if it is absent, or cannot publish and subscribe.
 */
export function requireTransport(transport: Transport | undefined): Transport {
  if (typeof transport?.publish === "function" && typeof transport.subscribe === "function") return transport;
  throw new DemlsError("missing-transport", {
    message: "A user needs a transport that can publish and subscribe.",
    field: "transport",
    remedy: "Pass one as `transport`, such as the result of network.join() on a memory network.",
  });
}
