import type { ConnectionGater, PeerId } from "@libp2p/interface";

/**
 * Connection gater of a node: denies all connections while offline, and connections of peers that are out for their
 * faults.
 */
export class ConnectionGate implements ConnectionGater {
  /** Whether a peer is out for its faults. */
  isOut: (peerId: string) => boolean = () => false;
  isOffline = false;

  // libp2p calls these as unbound functions.
  readonly denyDialMultiaddr = (): boolean => this.isOffline;
  readonly denyDialPeer = (peer: PeerId): boolean => this.#denies(peer);
  readonly denyInboundConnection = (): boolean => this.isOffline;
  readonly denyInboundUpgradedConnection = (peer: PeerId): boolean => this.#denies(peer);
  readonly denyOutboundUpgradedConnection = (peer: PeerId): boolean => this.#denies(peer);

  #denies(peer: PeerId): boolean {
    return this.isOffline || this.isOut(String(peer));
  }
}
