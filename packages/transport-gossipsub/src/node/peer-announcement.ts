import type { PeerId, PrivateKey } from "@libp2p/interface";
import { peerIdFromPublicKey } from "@libp2p/peer-id";
import { PeerRecord, RecordEnvelope } from "@libp2p/peer-record";
import type { Multiaddr } from "@multiformats/multiaddr";

/** Maximum bytes of an announcement: twenty addresses fit. */
const MAX_BYTES = 2_048;

/** Maximum addresses read per peer. */
const MAX_ADDRESSES = 16;

/** A peer and its addresses. */
export interface PeerAnnouncement {
  readonly peerId: PeerId;
  readonly addresses: readonly Multiaddr[];
}

/**
 * Encodes a libp2p signed peer record (RFC 0003 of its specs), which no other peer can forge.
 *
 * @param sequence - greater than in earlier announcements
 */
export async function sealAnnouncement(
  { peerId, addresses }: PeerAnnouncement,
  sequence: bigint,
  privateKey: PrivateKey,
): Promise<Uint8Array> {
  const record = new PeerRecord({ peerId, multiaddrs: [...addresses], seqNumber: sequence });
  return (await RecordEnvelope.seal(record, privateKey)).marshal();
}

/** Decodes an announcement; `undefined` if it is invalid or not signed by its peer. */
export async function openAnnouncement(data: Uint8Array): Promise<PeerAnnouncement | undefined> {
  if (data.length > MAX_BYTES) return undefined;
  try {
    const { publicKey, payload } = await RecordEnvelope.openAndCertify(data, PeerRecord.DOMAIN);
    const { peerId, multiaddrs } = PeerRecord.createFromProtobuf(payload);
    if (!peerIdFromPublicKey(publicKey).equals(peerId)) return undefined;
    return { peerId, addresses: multiaddrs.slice(0, MAX_ADDRESSES) };
  } catch {
    return undefined;
  }
}
