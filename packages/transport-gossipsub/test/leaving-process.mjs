// A member of its own process: joins by the address given, says goodbye, and has nothing more to do.
import { startGossipsub } from "@demls/transport-gossipsub/node";
import { createSeededRandom } from "@demls/testkit";

const clock = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
  wakeAt(atMs, callback) {
    const timer = setTimeout(callback, Math.max(0, atMs - performance.now()) + 1);
    return () => clearTimeout(timer);
  },
};
const random = createSeededRandom("leaving");
const [address] = process.argv.slice(2);
const transport = await startGossipsub({ clock, random, dial: [address] });
await transport.subscribe("garden", () => undefined);
await transport.publish({
  payload: new TextEncoder().encode("goodbye"),
  subtopic: "app_msg",
  conversationId: "garden",
  appId: random.bytes(16),
});
await transport.close();
