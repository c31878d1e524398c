import type { Libp2p } from "@libp2p/interface";
import { InvalidDataLengthError, lpStream } from "@libp2p/utils";
import type { Multiaddr } from "@multiformats/multiaddr";
import protobuf from "protobufjs/minimal.js";
import { WAKU_STORE_PROTOCOL } from "./store-query.js";

/** Maximum bytes of a store's answer: 20 messages of 150 KiB, the most that Waku relays, have three quarters of it. */
const MAX_ANSWER_BYTES = 4_194_304;

/** Maximum bytes of the varint before an answer. */
const MAX_LENGTH_BYTES = 4;

/** Maximum unread bytes: an answer, and a window of the stream behind it. */
const MAX_UNREAD_BYTES = MAX_ANSWER_BYTES + 1_048_576;

/** The calls of a node that reach a store. */
export type StoreDialler = Pick<Libp2p, "dialProtocol">;

/**
 * Sends a request to the store at `address` on a stream of its own, and returns the answer.
 *
 * @returns `oversized` if the answer has more than 4 MiB, which are not read
 * @throws the errors of libp2p, and when `signal` is aborted
 */
export async function askStore(
  node: StoreDialler,
  address: Multiaddr,
  request: Uint8Array,
  signal: AbortSignal,
): Promise<Uint8Array | "oversized"> {
  const stream = await node.dialProtocol(address, WAKU_STORE_PROTOCOL, { signal });
  try {
    const frames = lpStream(stream, {
      maxDataLength: MAX_ANSWER_BYTES,
      maxBufferSize: MAX_UNREAD_BYTES,
      lengthDecoder: (bytes) => lengthIn(bytes.subarray()),
    });
    await frames.write(request, { signal });
    await stream.close({ signal });
    return (await frames.read({ signal })).subarray();
  } catch (error) {
    if (error instanceof InvalidDataLengthError) return "oversized";
    throw error;
  } finally {
    // The write end is closed already; a store that keeps its own open would keep the stream.
    if (stream.status !== "closed") stream.abort(new Error("The store's answer is read."));
  }
}

/**
 * Reads the varint before an answer.
 *
 * @throws RangeError if it is incomplete, upon which `lpStream` reads another byte; another error if it is too long,
 * since `lpStream` itself would read on without a bound
 */
function lengthIn(bytes: Uint8Array): number {
  if (bytes.length > MAX_LENGTH_BYTES) throw new Error("The length of the answer is not valid.");
  return protobuf.Reader.create(bytes).uint32();
}
