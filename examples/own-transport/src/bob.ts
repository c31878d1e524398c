import { createUser, platformRandom } from "demls";
import { connectToRelay } from "./relay-transport.js";

// A process of its own, which shares nothing with Alice's but the relay's port.
const transport = await connectToRelay(Number(process.argv[2]));
const bob = await createUser({ key: platformRandom.bytes(32), transport });
try {
  const garden = await bob.joinConversation("garden");
  const hello = garden.nextEvent("message");
  await garden.joined;
  console.log(`Bob, in another process, is in: ${garden.state.members.length} members.`);
  console.log(`Bob hears: ${(await hello).text}`);
  await (
    await garden.send("hello from the other process")
  ).published;
} finally {
  await bob.close();
  await transport.close();
}
