import { createMemoryNetwork, createUser, platformRandom } from "demls";

const network = createMemoryNetwork();
const enter = (display: string) =>
  createUser({ key: platformRandom.bytes(32), transport: network.join(), display });
// Mallory claims Bob's name, which anyone may.
const [alice, bob, mallory] = [await enter("Alice"), await enter("Bob"), await enter("Bob")];

try {
  // Short times, so that this ends in a second; the defaults leave people time to vote.
  const config = { votingDelayMs: 100, electionVotingDelayMs: 50, commitInactivityMs: 200 };
  const garden = await alice.createConversation("garden", { config });
  const { line } = await garden.createInvitation({ uses: 2 });
  const bobs = await bob.join(line, { config }).conversation;
  const mallorys = await mallory.join(line, { config }).conversation;
  await Promise.all([bobs.joined, mallorys.joined]);
  const { members } = await garden.nextState((state) => state.members.length === 3);

  const named = members.filter(({ claimedName }) => claimedName === "Bob");
  console.log(`${named.length} members claim to be Bob.`);

  // On a call, the person that Alice knows as Bob reads out the code on his screen.
  const spoken = bobs.verificationCode(alice.id);
  console.log(`Bob reads ${spoken.split(" ").length} groups of five digits.`);
  for (const { id, claimedName } of named) {
    const isEqual = garden.verificationCode(id) === spoken;
    console.log(
      `Alice's code of ${claimedName}, member ${id === bob.id ? "one" : "two"}, is ${isEqual ? "equal" : "another"}.`,
    );
    if (isEqual) await garden.markVerified(id);
  }

  const heard = garden.nextEvent("message", { where: ({ text }) => text === "it is me" });
  await bobs.send("it is me");
  const forged = garden.nextEvent("message", { where: ({ text }) => text === "no, me" });
  await mallorys.send("no, me");
  for (const { claimedName, verified, text } of [await heard, await forged])
    console.log(`${verified ? "✓" : "?"} ${claimedName}: ${text}`);
} finally {
  for (const user of [alice, bob, mallory]) await user.close();
}
