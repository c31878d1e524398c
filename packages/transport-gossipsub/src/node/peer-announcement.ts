import type { PeerId, PrivateKey } from "@libp2p/interface";
import { peerIdFromPublicKey } from "@libp2p/peer-id";
import { PeerRecord, RecordEnvelope } from "@libp2p/peer-record";
import type { Multiaddr } from "@multiformats/multiaddr";

/** Bytes of an announcement at most: twenty addresses fit. */
const MAX_BYTES = 2_048;

/** Addresses of one peer that are looked at, at most. */
const MAX_ADDRESSES = 16;

/** A peer, and where it listens. */
export interface PeerAnnouncement {
  readonly peerId: PeerId;
  readonly addresses: readonly Multiaddr[];
}

/**
 * A libp2p signed peer record (RFC 0003 of its specs): nobody can announce addresses for another.
 *
 * @param sequence - more than in the announcements before
 */
export async function sealAnnouncement(
  { peerId, addresses }: PeerAnnouncement,
  sequence: bigint,
  privateKey: PrivateKey,
): Promise<Uint8Array> {
  const record = new PeerRecord({ peerId, multiaddrs: [...addresses], seqNumber: sequence });
  return (await RecordEnvelope.seal(record, privateKey)).marshal();
}

/** The announcement in `data`; `undefined` where it is none, or its peer has not signed it. */
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
