/**
 * A node of `@waku/relay` on the Waku topic of de-mls, driven over JSON lines: commands on stdin, replies and received
 * messages on stdout.
 */
import "./with-resolvers.mjs";

import { createInterface } from "node:readline";

import { startNode } from "./node.mjs";

const print = (/** @type {object} */ line) => process.stdout.write(`${JSON.stringify(line)}\n`);

const commands = await startNode(print);
for await (const text of createInterface({ input: process.stdin })) {
  let id = null;
  try {
    const { cmd, ...fields } = JSON.parse(text);
    id = fields.id ?? null;
    const command = commands.get(cmd);
    if (command === undefined) throw new Error(`unknown command ${cmd}`);
    print({ type: "reply", id, ok: true, result: await command(fields) });
  } catch (error) {
    print({ type: "reply", id, ok: false, error: String(error) });
  }
}
// Exits at once: libp2p 1.9.4 would take five seconds to stop.
process.exit();
