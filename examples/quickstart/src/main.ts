import { createMemoryNetwork, createUser, platformRandom, type Conversation } from "demls";

// Joins the users of one process. Between machines, pass the transport of @demls/transport-gossipsub.
const network = createMemoryNetwork();
// A key is who a user is: keep it. Without a `storage` all else is forgotten with the process.
const alice = await createUser({ key: platformRandom.bytes(32), transport: network.join() });
const bob = await createUser({ key: platformRandom.bytes(32), transport: network.join() });

try {
  // Short waits, so that this ends in a second; the defaults leave people time to vote. Each member has its own.
  const config = { votingDelayMs: 100, electionVotingDelayMs: 50, commitInactivityMs: 200 };
  const garden = await alice.createConversation("garden", { config });
  const bobs = await bob.joinConversation("garden", { config });
  await bobs.joined; // voted in and welcomed; rejects where nobody lets Bob in
  console.log(`Bob is in, one of ${bobs.state.members.length}.`);

  void answerAlice(bobs);
  const answer = garden.nextEvent("message");
  await garden.send("hello"); // sealed and on its way
  console.log(`Alice hears: ${(await answer).text}`);
} finally {
  await alice.close();
  await bob.close();
}

/** Answers whatever Alice says, for as long as the conversation is open here. */
async function answerAlice(conversation: Conversation): Promise<void> {
  for await (const event of conversation.events()) {
    if (event.kind !== "message" || event.sender !== alice.id) continue;
    console.log(`Bob hears: ${event.text}`);
    await conversation.send("hello to you");
  }
}
