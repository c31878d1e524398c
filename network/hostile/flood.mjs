/**
 * A hostile peer: `node flood.mjs ADDRESS TOPIC SECONDS [KIND…]`.
 *
 * Sends garbage to one node as fast as the node reads, over one connection per kind. A plain libp2p node writes the
 * gossipsub stream itself. After a disconnect it reconnects, alternately with the same peer id and a new one. At the end
 * it prints a report as JSON.
 */
import "./with-resolvers.mjs";

import { setMaxListeners } from "node:events";
import { setImmediate, setTimeout } from "node:timers/promises";

import { identify } from "@libp2p/identify";
import { noise } from "@libp2p/noise";
import { tcp } from "@libp2p/tcp";
import { yamux } from "@libp2p/yamux";
import { multiaddr } from "@multiformats/multiaddr";
import { createLibp2p } from "libp2p";

import { generatorOf, HELD_BACK, KINDS } from "./kinds.mjs";

/**
 * Report on one kind of garbage; see FloodReport in ../driver/flood.ts.
 *
 * @typedef {{ kind: string } & Record<"connections" | "refusals" | "cuts" | "peers" | "rpcs" | "bytes", number>} Report
 */

const PROTOCOLS = ["/meshsub/1.2.0", "/meshsub/1.1.0"];
const CHECK_EVERY_MS = 100;
/** Minimum interval of connections: a libp2p node accepts five connections a second from one address. */
const DIAL_EVERY_MS = 250;
/** Limit of the time until the first connection, which takes seconds on a busy machine. */
const CONNECT_WITHIN_MS = 15_000;
/** Limit of the further time until the first disconnect, for which the node must have read enough. */
const CUT_WITHIN_MS = 30_000;

const [address = "", topic = "", seconds = "", ...kinds] = process.argv.slice(2);
const reports = (kinds.length > 0 ? kinds : Object.keys(KINDS)).map((kind) => ({
  kind,
  connections: 0,
  refusals: 0,
  cuts: 0,
  peers: 1,
  rpcs: 0,
  bytes: 0,
}));
for (const report of reports) await attack(report, (Number(seconds) * 1_000) / reports.length);
process.stdout.write(`${JSON.stringify(reports)}\n`, () => process.exit());

/**
 * Attacks with one kind of garbage for `forMs` after the first connection, and until the other side has disconnected
 * once if it does so for this kind.
 *
 * @param {Report} report
 * @param {number} forMs
 */
async function attack(report, forMs) {
  const ending = new AbortController();
  const longestMs = Math.round(forMs) + CONNECT_WITHIN_MS + CUT_WITHIN_MS;
  const over = AbortSignal.any([ending.signal, AbortSignal.timeout(longestMs)]);
  // Every connection adds a listener.
  setMaxListeners(Infinity, over);
  const ended = new Promise((resolve) => over.addEventListener("abort", resolve));
  const onConnected = async () => {
    await setTimeout(forMs);
    while (report.cuts === 0 && !HELD_BACK.includes(report.kind) && !over.aborted)
      await setTimeout(CHECK_EVERY_MS);
    ending.abort();
  };
  // A pending write may never end, since the other side has stopped reading.
  await Promise.race([ended, sendAll(report, over, onConnected)]);
}

/**
 * @param {Report} report
 * @param {AbortSignal} over
 * @param {() => Promise<void>} onConnected called after the first connection
 */
async function sendAll(report, over, onConnected) {
  const make = generatorOf(report.kind);
  if (make === undefined) throw new Error(`Unknown kind ${report.kind}.`);
  let peer = await createPeer();
  for (let turn = 1; !over.aborted; turn++) {
    await connectAndSend(peer, make, report, over, onConnected);
    if (turn % 2 === 1) continue;
    await peer.stop();
    peer = await createPeer();
    report.peers += 1;
  }
}

/**
 * Sends until the other side disconnects, or until the end.
 *
 * @param {Awaited<ReturnType<typeof createPeer>>} peer
 * @param {(topic: string) => Uint8Array} make
 * @param {Report} report
 * @param {AbortSignal} over
 * @param {() => Promise<void>} onConnected called after the first connection
 */
async function connectAndSend(peer, make, report, over, onConnected) {
  await setTimeout(DIAL_EVERY_MS);
  const connection = await peer.dial(multiaddr(address), { signal: over }).catch(() => undefined);
  if (connection === undefined) {
    report.refusals += 1;
    return;
  }
  report.connections += 1;
  if (report.connections === 1) void onConnected();
  connection.addEventListener("close", () => (report.cuts += over.aborted ? 0 : 1));
  while (connection.status === "open" && !over.aborted) {
    await sendOnStream(connection, make, report, over).catch(() => undefined);
    await setImmediate();
  }
}

/**
 * Sends until the stream ends.
 *
 * @param {import("@libp2p/interface").Connection} connection
 * @param {(topic: string) => Uint8Array} make
 * @param {Report} report
 * @param {AbortSignal} over
 */
async function sendOnStream(connection, make, report, over) {
  const stream = await connection.newStream(PROTOCOLS, { signal: over });
  while (stream.writeStatus === "writable" && !over.aborted) {
    const rpc = make(topic);
    const isReady = stream.send(rpc);
    report.rpcs += 1;
    report.bytes += rpc.length;
    if (!isReady) await stream.onDrain({ signal: over });
    // Yields to the other kinds, and to the events of this connection.
    await setImmediate();
  }
}

function createPeer() {
  return createLibp2p({
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionMonitor: { enabled: false },
    services: { identify: identify() },
  });
}
