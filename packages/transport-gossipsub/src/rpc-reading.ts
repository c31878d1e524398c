import type { GossipSub } from "@libp2p/gossipsub";
import type { PeerId, Stream } from "@libp2p/interface";
import { countControlEntries } from "./control-entries.js";
import { pacedStream, type PacedStream } from "./paced-stream.js";
import type { PeerConduct } from "./peer-conduct.js";
import type { PeerIntake } from "./peer-intake.js";

/** So many bytes are read for the price of one RPC. */
const BYTES_PER_RPC = 2_048;

/** So many messages, subscriptions or entries of control messages are worked on for the price of one RPC. */
const ENTRIES_PER_RPC = 10;

/** Entries of the control messages of one RPC at most: gossipsub offers and asks for five thousand ids at a time. */
const MAX_CONTROL_ENTRIES = 16_384;

/** RPCs of one peer that are worked on at a time. */
const MAX_AT_WORK = 32;

/** What a stream ends with where its peer announces more bytes than any RPC has, by it-length-prefixed. */
const FRAMING_ERRORS = new Set([
  "InvalidMessageLengthError",
  "InvalidDataLengthError",
  "InvalidDataLengthLengthError",
]);

/** The parts of an RPC that take work, as gossipsub 17.1.1 decodes it. */
interface Rpc {
  readonly subscriptions: readonly unknown[];
  readonly messages: readonly unknown[];
  readonly control?: {
    readonly ihave: readonly { readonly messageIDs: readonly unknown[] }[];
    readonly iwant: readonly { readonly messageIDs: readonly unknown[] }[];
    readonly graft: readonly unknown[];
    readonly prune: readonly unknown[];
    readonly idontwant: readonly { readonly messageIDs: readonly unknown[] }[];
  };
}

/** What gossipsub 17.1.1 reads streams with: methods of its class that its interface does not name. */
export type ReadingGossipSub = GossipSub & {
  createInboundStream(peerId: PeerId, stream: Stream | PacedStream): void;
  pipePeerReadStream(peerId: PeerId, stream: AsyncIterable<{ subarray(): Uint8Array }>): Promise<void>;
  decodeRpc(bytes: Uint8Array): Rpc;
  handleReceivedRpc(from: PeerId, rpc: Rpc): Promise<void>;
  handlePeerReadStreamError(error: Error, peerId: PeerId): void;
  start(): Promise<void>;
  stop(): Promise<void>;
};

/**
 * Has gossipsub read each peer's stream no faster than is the peer's turn, and a few RPCs at a time: as it comes it
 * reads whatever arrives as fast as it arrives, and lets an RPC that does not decode pass without blame.
 */
export function readInTurn(
  service: ReadingGossipSub,
  [rpcs, messages]: readonly [rpcs: PeerIntake, messages: PeerIntake],
  conduct: PeerConduct,
): void {
  const createInboundStream = service.createInboundStream.bind(service);
  service.createInboundStream = (peer, stream) => createInboundStream(peer, pacedStream(stream as Stream));
  service.pipePeerReadStream = async (peer, stream) => {
    const peerId = String(peer);
    const atWork: Promise<void>[] = [];
    try {
      for await (const chunk of stream) {
        const bytes = chunk.subarray();
        await rpcs.take(peerId, 1 + bytes.length / BYTES_PER_RPC);
        if (conduct.isOut(peerId)) return;
        // gossipsub's own bounds are for each list, of which an RPC has any number.
        if (countControlEntries(bytes) > MAX_CONTROL_ENTRIES) {
          conduct.putOut(peerId);
          return;
        }
        const rpc = decode(bytes);
        if (rpc === undefined) {
          conduct.blame(peerId, "garbage", bytes.length);
          continue;
        }
        rpcs.charge(peerId, workOf(rpc));
        // It catches and logs what goes wrong with a message; whatever else does is no reason to stop reading.
        atWork.push(service.handleReceivedRpc(peer, rpc).catch(() => undefined));
        if (atWork.length === MAX_AT_WORK) await atWork.shift();
      }
    } catch (error) {
      service.handlePeerReadStreamError(error as Error, peer);
      // The stream cannot be read on, and whatever else comes by it would only fill the memory.
      if (FRAMING_ERRORS.has((error as Error).name)) conduct.putOut(peerId);
    }
  };

  const start = service.start.bind(service);
  service.start = async () => {
    rpcs.open();
    messages.open();
    await start();
  };

  const stop = service.stop.bind(service);
  service.stop = async () => {
    rpcs.close();
    messages.close();
    await stop();
  };

  function decode(bytes: Uint8Array): Rpc | undefined {
    try {
      return service.decodeRpc(bytes);
    } catch {
      return undefined;
    }
  }
}

/** What an RPC costs beyond its bytes. */
function workOf({ subscriptions, messages, control }: Rpc): number {
  const idLists = [...(control?.ihave ?? []), ...(control?.iwant ?? []), ...(control?.idontwant ?? [])];
  const ids = idLists.reduce((sum, { messageIDs }) => sum + messageIDs.length, 0);
  const peers = (control?.graft.length ?? 0) + (control?.prune.length ?? 0);
  return (subscriptions.length + messages.length + ids + peers) / ENTRIES_PER_RPC;
}
