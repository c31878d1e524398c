import { createMemoryNetwork, createUser, platformRandom, type Conversation } from "demls";

const network = createMemoryNetwork();
const enter = (display: string) =>
  createUser({ key: platformRandom.bytes(32), transport: network.join(), display });
const [alice, bob, mallory] = [await enter("Alice"), await enter("Bob"), await enter("Mallory")];

/** Refuses the next joiner that the user is asked about. @returns the name that it claims. */
async function refuseNext(garden: Conversation): Promise<string | undefined> {
  const { joiner, claimedName } = await garden.nextEvent("joinRequested");
  await garden.refuse(joiner);
  return claimedName;
}

try {
  // Short times, so that this ends in a second; the defaults leave people time to vote.
  const config = { votingDelayMs: 200, electionVotingDelayMs: 50, commitInactivityMs: 300 };
  const garden = await alice.createConversation("garden", { config });

  // For one guest, within a day. The line is a secret: Alice sends it to Bob alone.
  const expiresAt = Math.floor(Date.now() / 1_000) + 86_400;
  const { line, invitation } = await garden.createInvitation({ uses: 1, expiresAt, note: "come in" });
  console.log(`Alice sends Bob ${line.slice(0, 8)}…, ${line.length} characters.`);

  const attempt = bob.join(line, { config, deadlineMs: 30_000 });
  const stages = new Set<string>();
  attempt.progress$.subscribe(({ stage }) => stages.add(stage));
  const { syncPartner } = await attempt.started;
  console.log(`${syncPartner === alice.id ? "Alice" : "Somebody"} has answered Bob.`);
  const { membersLearned, ackedBy } = await attempt.ready;
  console.log(`Bob is one of ${membersLearned} members, which ${ackedBy.length} other confirms.`);
  console.log(`His last stage: ${[...stages].at(-1)}.`);

  // Mallory has seen the line, but it is used up. So the members are asked about her.
  const uses = await garden.nextState(({ invitations }) => invitations[0]?.uses === 1);
  console.log(`Uses of the invitation: ${uses.invitations[0]?.uses} of ${invitation.uses}.`);
  const refused = refuseNext(garden);
  await mallory.join(line, { config }).conversation;
  console.log(`${await refused} asks to join, and Alice refuses.`);
} finally {
  for (const user of [alice, bob, mallory]) await user.close();
}
