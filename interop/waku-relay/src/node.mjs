import { Buffer } from "node:buffer";

import { noise } from "@chainsafe/libp2p-noise";
import { yamux } from "@chainsafe/libp2p-yamux";
import { identify } from "@libp2p/identify";
import { tcp } from "@libp2p/tcp";
import { multiaddr } from "@multiformats/multiaddr";
import { createEncoder } from "@waku/core";
import { proto_message } from "@waku/proto";
import { wakuGossipSub, wakuRelay } from "@waku/relay";
import { createLibp2p } from "libp2p";

/** The one topic that de-mls uses: cluster 15, shard 1. */
const TOPIC = "/waku/2/rs/15/1";

const NANOSECONDS_PER_MILLISECOND = 1_000_000n;

/** @typedef {(fields: Readonly<Record<string, string>>) => Promise<object | null>} Command */

/**
 * Starts a node of Waku's relay on a free loopback port.
 *
 * @param {(line: object) => void} print called with every line other than a reply; the first is `ready`
 * @returns {Promise<ReadonlyMap<string, Command>>} the commands by name; each returns the result of its reply
 */
export async function startNode(print) {
  const libp2p = await createNode();
  const { pubsub } = libp2p.services;
  // The types require all services of a Waku node, but the relay uses only one.
  const relay = wakuRelay([TOPIC])(/** @type {any} */ (libp2p));
  report(libp2p, print);
  print({ type: "ready", peer_id: libp2p.peerId.toString(), address: `${libp2p.getMultiaddrs()[0]}` });

  /** @type {Command} */
  async function dial({ address }) {
    // Not awaited: the other node's subscription shows the connection.
    libp2p.dial(multiaddr(address)).catch((error) => print({ type: "dial_failed", error: String(error) }));
    return null;
  }

  /** @type {Command} */
  async function publish({ conversation_id, subtopic, app_id_hex, payload_hex, timestamp }) {
    const encoder = createEncoder({
      contentTopic: `/${conversation_id}/1/${subtopic}/proto`,
      pubsubTopic: TOPIC,
      metaSetter: () => bytes(app_id_hex),
    });
    const sentAt = new Date(Number(BigInt(timestamp ?? "") / NANOSECONDS_PER_MILLISECOND));
    const message = { payload: bytes(payload_hex), timestamp: sentAt };
    const { failures } = await relay.send(encoder, message);
    for (const { error } of failures) throw new Error(error);
    return { data_hex: hex((await encoder.toWire(message)) ?? Uint8Array.of()) };
  }

  /** @type {Command} */
  async function publishRaw({ data_hex }) {
    await pubsub.publish(TOPIC, bytes(data_hex));
    return { data_hex };
  }

  return new Map([
    ["dial", dial],
    ["publish", publish],
    ["publish_raw", publishRaw],
  ]);
}

function createNode() {
  return createLibp2p({
    addresses: { listen: ["/ip4/127.0.0.1/tcp/0"] },
    transports: [tcp()],
    connectionEncryption: [noise()],
    streamMuxers: [yamux()],
    services: { identify: identify(), pubsub: wakuGossipSub() },
  });
}

/**
 * Prints the events of the node.
 *
 * @param {Awaited<ReturnType<typeof createNode>>} libp2p
 * @param {(line: object) => void} print
 */
function report(libp2p, print) {
  const { pubsub } = libp2p.services;
  libp2p.addEventListener("peer:disconnect", ({ detail }) =>
    print({ type: "disconnected", peer_id: detail.toString() }),
  );
  pubsub.addEventListener("subscription-change", ({ detail: { peerId, subscriptions } }) => {
    if (subscriptions.some(({ topic, subscribe }) => subscribe && topic === TOPIC)) {
      print({ type: "subscribed", peer_id: peerId.toString() });
    }
  });
  pubsub.addEventListener("gossipsub:message", ({ detail: { propagationSource, msg } }) =>
    print({
      type: "message",
      from: propagationSource.toString(),
      data_hex: hex(msg.data),
      message: view(msg.data),
    }),
  );
}

/**
 * Decodes a message. Waku's validator has accepted it, so that decoding succeeds.
 *
 * @param {Uint8Array} data
 */
function view(data) {
  const { payload, contentTopic, version, timestamp, meta } = proto_message.WakuMessage.decode(data);
  return {
    payload_hex: hex(payload),
    content_topic: contentTopic,
    version: version ?? null,
    timestamp: timestamp?.toString() ?? null,
    meta_hex: meta === undefined ? null : hex(meta),
  };
}

const hex = (/** @type {Uint8Array} */ bytes) => Buffer.from(bytes).toString("hex");
const bytes = (/** @type {string | undefined} */ text) => new Uint8Array(Buffer.from(text ?? "", "hex"));
