// A process without Promise.withResolvers and WebSocket on any version of Node.js.
import { platformClock as clock, platformRandom as random } from "demls";

/** @param {string} when */
function tell(when) {
  const withResolvers = Reflect.get(Promise, "withResolvers");
  globalThis.console.log(when, typeof withResolvers, typeof globalThis.WebSocket);
}

Reflect.deleteProperty(Promise, "withResolvers");
Reflect.deleteProperty(globalThis, "WebSocket");
await import("../dist/index.js");
const { startGossipsub } = await import("../dist/node/index.js");
tell("loaded");
const bob = await startGossipsub({ clock, random, listen: ["/ip4/127.0.0.1/tcp/0/ws"] });
tell("started");
const alice = await startGossipsub({ clock, random });
for (const address of bob.addresses) await alice.dial(address);
await alice.close();
await bob.close();
