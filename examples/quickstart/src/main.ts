import { createMemoryNetwork, createUser, platformRandom, type Conversation } from "demls";

// Connects the users of one process. Between machines, use the transport of @demls/transport-gossipsub.
const network = createMemoryNetwork();
// The key identifies the user: keep it. Without a `storage` all other state ends with the process.
const alice = await createUser({ key: platformRandom.bytes(32), transport: network.join() });
const bob = await createUser({ key: platformRandom.bytes(32), transport: network.join() });

try {
  // Short timeouts, so that this ends in a second; the defaults leave people time to vote. Each member has its own.
  const config = { votingDelayMs: 100, electionVotingDelayMs: 50, commitInactivityMs: 200 };
  const garden = await alice.createConversation("garden", { config });
  const { line } = await garden.createInvitation(); // "demls:…", for Bob alone
  const bobs = await bob.join(line, { config }).conversation;
  await bobs.joined; // resolves in Alice's group, which she confirms; rejects if the join times out
  console.log(`Bob has joined: ${bobs.state.members.length} members.`);

  void answerAlice(bobs);
  const answer = garden.nextEvent("message");
  await garden.send("hello"); // encrypted and queued for publishing
  console.log(`Alice receives: ${(await answer).text}`);
} finally {
  await alice.close();
  await bob.close();
}

/** Answers each message of Alice until Bob's conversation ends. */
async function answerAlice(conversation: Conversation): Promise<void> {
  for await (const event of conversation.events()) {
    if (event.kind !== "message" || event.sender !== alice.id) continue;
    console.log(`Bob receives: ${event.text}`);
    await conversation.send("hello to you");
  }
}
