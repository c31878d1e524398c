/**
 * A hostile peer: `node flood.mjs ADDRESS TOPIC SECONDS [KIND…]`.
 *
 * It sends garbage to one node as fast as that takes it, over a connection for each kind, by a plain libp2p node
 * that writes the gossipsub stream itself. Where it is cut off it comes again, by turns as the same peer and as
 * another. At the end it prints what it did as JSON, and ends.
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

import { KINDS } from "./kinds.mjs";

/**
 * What became of one kind of garbage; see FloodReport in ../driver/flood.ts.
 *
 * @typedef {{ kind: string } & Record<"connections" | "refusals" | "cuts" | "peers" | "rpcs" | "bytes", number>} Report
 */

const PROTOCOLS = ["/meshsub/1.2.0", "/meshsub/1.1.0"];
/** A libp2p node takes five connections a second from one address: those that come sooner would shut themselves out. */
const DIAL_EVERY_MS = 250;

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
 * Attacks by one kind of garbage, for so long.
 *
 * @param {Report} report
 * @param {number} forMs
 */
async function attack(report, forMs) {
  const over = AbortSignal.timeout(Math.round(forMs));
  // Every connection there is listens to it.
  setMaxListeners(Infinity, over);
  const ended = new Promise((resolve) => over.addEventListener("abort", resolve));
  // What is under way may never end: the other side reads no more of it.
  await Promise.race([ended, sendAll(report, over)]);
}

/**
 * @param {Report} report
 * @param {AbortSignal} over
 */
async function sendAll(report, over) {
  const make = KINDS[report.kind];
  if (make === undefined) throw new Error(`There is no kind ${report.kind}.`);
  let peer = await createPeer();
  for (let turn = 1; !over.aborted; turn++) {
    await connectAndSend(peer, make, report, over);
    if (turn % 2 === 1) continue;
    await peer.stop();
    peer = await createPeer();
    report.peers += 1;
  }
}

/**
 * Sends until it is cut off, or all is over.
 *
 * @param {Awaited<ReturnType<typeof createPeer>>} peer
 * @param {(topic: string) => Uint8Array} make
 * @param {Report} report
 * @param {AbortSignal} over
 */
async function connectAndSend(peer, make, report, over) {
  await setTimeout(DIAL_EVERY_MS);
  const connection = await peer.dial(multiaddr(address), { signal: over }).catch(() => undefined);
  if (connection === undefined) {
    report.refusals += 1;
    return;
  }
  report.connections += 1;
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
    // Lets the others have their turn, and this one hear that it was cut off.
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
