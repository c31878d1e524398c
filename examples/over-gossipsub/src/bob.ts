import { createUser, platformClock as clock, platformRandom as random } from "demls";
import { startGossipsub } from "@demls/transport-gossipsub/node";

// It dials the addresses that it is given, and keeps them connected.
const transport = await startGossipsub({ clock, random, dial: process.argv.slice(2) });
const bob = await createUser({ key: random.bytes(32), transport });

try {
  const config = { votingDelayMs: 100, electionVotingDelayMs: 50, commitInactivityMs: 200 };
  // It asks to be let in at once: what it says waits until somebody is connected, for ten seconds.
  const garden = await bob.joinConversation("garden", { config });
  const heard = garden.nextEvent("message");
  await garden.joined;
  console.log(`Bob, in another process, is in: ${garden.state.members.length} members.`);
  const [topic] = transport.connection.topics;
  console.log(`What peers see that he listens to: ${topic?.topic}`);
  console.log(`Bob hears: ${(await heard).text}`);
  const { published } = await garden.send("hello from the other node");
  await published;
} finally {
  await bob.close();
  // Waits until what was sent has been read.
  await transport.close();
}
