// A member in its own process: joins by the given address, says goodbye, and ends.
import { Buffer } from "node:buffer";
import { platformClock as clock, platformRandom as random } from "demls";
import { startGossipsub } from "../dist/node/index.js";

const [address = ""] = process.argv.slice(2);
const transport = await startGossipsub({ clock, random, dial: [address] });
await transport.subscribe("garden", () => undefined);
await transport.publish({
  payload: Buffer.from("goodbye"),
  subtopic: "app_msg",
  conversationId: "garden",
  appId: random.bytes(16),
});
await transport.close();
