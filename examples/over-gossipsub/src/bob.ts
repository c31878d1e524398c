import { createUser, platformClock as clock, platformRandom as random } from "demls";
import { startGossipsub } from "@demls/transport-gossipsub/node";

// The transport dials the given addresses, and redials them after a loss.
const [invitation = "", ...dial] = process.argv.slice(2);
const transport = await startGossipsub({ clock, random, dial });
const bob = await createUser({ key: random.bytes(32), transport });

try {
  const config = { votingDelayMs: 100, electionVotingDelayMs: 50, commitInactivityMs: 200 };
  // The join asks who is there, again and again until a member answers.
  const garden = await bob.join(invitation, { config }).conversation;
  const heard = garden.nextEvent("message");
  await garden.joined;
  console.log(`Bob, in another process, has joined: ${garden.state.members.length} members.`);
  const [topic] = transport.connection.topics;
  console.log(`Peers see Bob's subscription to: ${topic?.topic}`);
  console.log(`Bob receives: ${(await heard).text}`);
  const { published } = await garden.send("hello from the other node");
  await published;
} finally {
  await bob.close();
  // Closing waits until peers have read the pending packets.
  await transport.close();
}
