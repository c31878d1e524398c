import { fork } from "node:child_process";
import { once } from "node:events";
import { createUser, platformRandom } from "demls";
import { connectToRelay, startRelay } from "./index.js";

const relay = await startRelay();
const transport = await connectToRelay(relay.port);
const alice = await createUser({ key: platformRandom.bytes(32), transport });

try {
  const config = { votingDelayMs: 100, electionVotingDelayMs: 50, commitInactivityMs: 200 };
  const garden = await alice.createConversation("garden", { config });
  console.log("Alice has created the garden.");
  const { line } = await garden.createInvitation();
  const entered = garden.nextEvent("membersChanged");
  const answer = garden.nextEvent("message");
  const bobs = fork(new URL("bob.js", import.meta.url), [`${relay.port}`, line]);
  const gone = once(bobs, "exit");
  await entered;
  await garden.send("hello over TCP");
  console.log(`Alice receives: ${(await answer).text}`);
  await gone;
} finally {
  // Closing the user does not close the transport and the relay.
  await alice.close();
  await transport.close();
  await relay.close();
}
