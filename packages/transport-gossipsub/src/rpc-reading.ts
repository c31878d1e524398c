import type { GossipSub } from "@libp2p/gossipsub";
import type { PeerId, Stream } from "@libp2p/interface";
import { countControlEntries } from "./control-entries.js";
import { pacedStream, type PacedStream } from "./paced-stream.js";
import type { PeerConduct } from "./peer-conduct.js";
import type { PeerIntake } from "./peer-intake.js";

/** Bytes that cost as much as one RPC. */
const BYTES_PER_RPC = 2_048;

/** Messages, subscriptions or control entries that cost as much as one RPC. */
const ENTRIES_PER_RPC = 10;

/** Maximum control entries of one RPC: gossipsub offers and requests five thousand ids at a time. */
const MAX_CONTROL_ENTRIES = 16_384;

/** Maximum number of RPCs of one peer that are processed at a time. */
const MAX_AT_WORK = 32;

/** Error names of it-length-prefixed for an RPC that announces too many bytes. */
const FRAMING_ERRORS = new Set([
  "InvalidMessageLengthError",
  "InvalidDataLengthError",
  "InvalidDataLengthLengthError",
]);

/** The costly parts of an RPC, as decoded by gossipsub 17.1.1. */
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

/** Members of gossipsub 17.1.1's class for reading streams, which its interface lacks. */
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
 * Makes gossipsub read each peer's stream only at the peer's turn and a few RPCs at a time. By itself it reads as fast
 * as bytes arrive and ignores RPCs that do not decode.
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
        // gossipsub's own bounds apply to each list, and an RPC may have any number of lists.
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
        // gossipsub catches and logs errors of single messages. Like these, other errors do not stop reading.
        atWork.push(service.handleReceivedRpc(peer, rpc).catch(() => undefined));
        if (atWork.length === MAX_AT_WORK) await atWork.shift();
      }
    } catch (error) {
      service.handlePeerReadStreamError(error as Error, peer);
      // The stream is unreadable from here on, and further bytes would only fill the memory.
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

/** Cost of an RPC beyond its bytes. */
function workOf({ subscriptions, messages, control }: Rpc): number {
  const idLists = [...(control?.ihave ?? []), ...(control?.iwant ?? []), ...(control?.idontwant ?? [])];
  const ids = idLists.reduce((sum, { messageIDs }) => sum + messageIDs.length, 0);
  const peers = (control?.graft.length ?? 0) + (control?.prune.length ?? 0);
  return (subscriptions.length + messages.length + ids + peers) / ENTRIES_PER_RPC;
}
