import type { GossipSub } from "@libp2p/gossipsub";
import type { RPC } from "@libp2p/gossipsub/message";
import { partsOfRpc } from "./rpc-parts.js";

/** What gossipsub 17.1.1 sends with: members of its class that its interface does not name. */
export type SendingGossipSub = GossipSub & {
  /** What is offered to each peer with whatever it is sent next. */
  readonly gossip: Map<string, RPC.ControlIHave[]>;
  /** @returns whether the peer's stream took it. */
  sendRpc(peerId: string, rpc: RPC): boolean;
};

/**
 * Has gossipsub send what is long in parts. As it comes it announces all its topics to a new peer in one RPC, grafts all
 * that the two share in another, and answers a peer that missed many messages with all of them at once; but a peer
 * drops an RPC with more entries than it takes, in silence, or ends the connection.
 *
 * All of these go through `sendRpc`, which is replaced on the one service: its package exports no class to extend. The
 * stream beneath it has bytes already, and what is above it makes RPCs in many places. What `sendRpc` adds by itself,
 * the offers in `gossip`, is put in before.
 */
export function sendInParts(service: SendingGossipSub, maxMessageBytes: number): void {
  const sendRpc = service.sendRpc.bind(service);
  service.sendRpc = (peerId, rpc) =>
    partsOfRpc(withOffers(service, peerId, rpc), maxMessageBytes).every((part) => sendRpc(peerId, part));
}

/** An RPC with what gossipsub would offer along with it. Offers that are lost with a stream are made to none. */
function withOffers({ gossip }: SendingGossipSub, peerId: string, rpc: RPC): RPC {
  const offers = gossip.get(peerId);
  if (offers === undefined) return rpc;
  gossip.delete(peerId);
  const control = rpc.control ?? { ihave: [], iwant: [], graft: [], prune: [], idontwant: [] };
  return { ...rpc, control: { ...control, ihave: [...control.ihave, ...offers] } };
}
