import type { GossipSub } from "@libp2p/gossipsub";
import type { RPC } from "@libp2p/gossipsub/message";
import { partsOfRpc } from "./rpc-parts.js";

/** Members of gossipsub 17.1.1's class for sending, which its interface lacks. */
export type SendingGossipSub = GossipSub & {
  /** Offers (IHAVE) that travel with a peer's next RPC. */
  readonly gossip: Map<string, RPC.ControlIHave[]>;
  /** @returns whether the peer's stream accepted it */
  sendRpc(peerId: string, rpc: RPC): boolean;
};

/**
 * Makes gossipsub send long RPCs in parts. By itself it announces all topics to a new peer in one RPC, grafts all
 * shared ones in another, and sends all requested messages in one. But a peer silently drops an RPC above its bounds,
 * or closes the connection.
 *
 * It replaces `sendRpc` on the one service, because the package exports no class to extend: all RPCs pass through it.
 * The original `sendRpc` adds the offers in `gossip`, so here they are added before the split.
 */
export function sendInParts(service: SendingGossipSub, maxMessageBytes: number): void {
  const sendRpc = service.sendRpc.bind(service);
  service.sendRpc = (peerId, rpc) =>
    partsOfRpc(withOffers(service, peerId, rpc), maxMessageBytes).every((part) => sendRpc(peerId, part));
}

/** Adds gossipsub's offers to an RPC. Offers lost with a stream are not repeated. */
function withOffers({ gossip }: SendingGossipSub, peerId: string, rpc: RPC): RPC {
  const offers = gossip.get(peerId);
  if (offers === undefined) return rpc;
  gossip.delete(peerId);
  const control = rpc.control ?? { ihave: [], iwant: [], graft: [], prune: [], idontwant: [] };
  return { ...rpc, control: { ...control, ihave: [...control.ihave, ...offers] } };
}
