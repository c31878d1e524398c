import { fork } from "node:child_process";
import { once } from "node:events";
import { createUser, platformClock as clock, platformRandom as random } from "demls";
import { startGossipsub } from "@demls/transport-gossipsub/node";

// By default the node listens on a free loopback port.
const transport = await startGossipsub({ clock, random });
const alice = await createUser({ key: random.bytes(32), transport });

try {
  const config = { votingDelayMs: 100, electionVotingDelayMs: 50, commitInactivityMs: 200 };
  const garden = await alice.createConversation("garden", { config });
  console.log(`Alice listens on ${transport.addresses[0]}`);
  const { line } = await garden.createInvitation();
  const entered = garden.nextEvent("membersChanged");
  const answer = garden.nextEvent("message");
  const bobs = fork(new URL("bob.js", import.meta.url), [line, ...transport.addresses]);
  const gone = once(bobs, "exit");
  await entered;
  await garden.send("hello over libp2p");
  console.log(`Alice receives: ${(await answer).text}`);
  await gone;
} finally {
  await alice.close();
  await transport.close();
}
