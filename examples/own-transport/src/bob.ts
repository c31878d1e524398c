import { createUser, platformRandom } from "demls";
import { connectToRelay } from "./relay-transport.js";

// A separate process, which knows only the port of the relay and its invitation.
const [port, invitation = ""] = process.argv.slice(2);
const transport = await connectToRelay(Number(port));
const bob = await createUser({ key: platformRandom.bytes(32), transport });
try {
  const garden = await bob.join(invitation).conversation;
  const hello = garden.nextEvent("message");
  await garden.joined;
  console.log(`Bob, in another process, has joined: ${garden.state.members.length} members.`);
  console.log(`Bob receives: ${(await hello).text}`);
  await (
    await garden.send("hello from the other process")
  ).published;
} finally {
  await bob.close();
  await transport.close();
}
