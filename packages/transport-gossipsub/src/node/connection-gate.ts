import type { ConnectionGater, PeerId } from "@libp2p/interface";

/** Decides which connections a node has: none while it is offline, and none with peers that were put out. */
export class ConnectionGate implements ConnectionGater {
  /** Whether a peer has been put out for what it sent. */
  isOut: (peerId: string) => boolean = () => false;
  isOffline = false;

  // libp2p calls these as functions of their own.
  readonly denyDialMultiaddr = (): boolean => this.isOffline;
  readonly denyDialPeer = (peer: PeerId): boolean => this.#denies(peer);
  readonly denyInboundConnection = (): boolean => this.isOffline;
  readonly denyInboundUpgradedConnection = (peer: PeerId): boolean => this.#denies(peer);
  readonly denyOutboundUpgradedConnection = (peer: PeerId): boolean => this.#denies(peer);

  #denies(peer: PeerId): boolean {
    return this.isOffline || this.isOut(String(peer));
  }
}
