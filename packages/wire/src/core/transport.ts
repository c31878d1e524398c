import { DemlsError } from "./error.js";
import type { Packet } from "./packet.js";

/** Ends what it was returned for. Calling it again does nothing. */
export type Unsubscribe = () => void;

/**
 * What a session found a packet to be: `forged` where it is malformed or authenticated by nobody, `unjudged` where it
 * could not tell, being of an epoch that it cannot read or a message that was opened before; `passed` otherwise.
 */
export type PacketVerdict = "passed" | "forged" | "unjudged";

/**
 * Carries packets between members: best effort, at least zero times, in any order.
 *
 * The counterpart of `DeliveryService` in de-mls 3.0.0. An implementation owes no delivery, no
 * order and no deduplication; the session copes with all three. It must copy or never touch the
 * bytes it was given, and must not call a listener from within `publish` or `subscribe`. It stays whoever made it's,
 * who ends it: no user does.
 */
export interface Transport {
  /**
   * Hands a packet to the network. Resolves when the network has taken it, not when anyone has it.
   *
   * @throws where it could not be handed over. The session tries a packet six times, later each time, before it gives
   *   it up and says so by an `error` event.
   */
  publish(packet: Packet): Promise<void>;
  /**
   * Delivers every packet of a conversation, on all its subtopics, to `listener` from when the
   * promise resolves until the returned function is called. Own packets may come back.
   */
  subscribe(conversationId: string, listener: (packet: Packet) => void): Promise<Unsubscribe>;
  /**
   * Where a transport has it, it is told of each packet that the session has looked at, by the very object that the
   * listener was handed. A transport that passes on what others sent can pass on only what is genuine, so that nobody
   * blames it for the rest, and cut off who brings what is forged. It must not throw.
   */
  noteVerdict?(packet: Packet, verdict: PacketVerdict): void;
}

/**
 * `transport`, where it is one.
 *
 * @throws DemlsError `missing-transport` where it is absent, or can neither publish nor subscribe.
 */
export function requireTransport(transport: Transport | undefined): Transport {
  if (typeof transport?.publish === "function" && typeof transport.subscribe === "function") return transport;
  throw new DemlsError("missing-transport", {
    message: "A user needs a transport: something that can publish and subscribe.",
    field: "transport",
    remedy: "Pass one as `transport`, such as what network.join() of a memory network returns.",
  });
}
