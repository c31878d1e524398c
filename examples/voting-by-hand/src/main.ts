import { gather } from "./gather.js";
import { askAll, castByHand, countOf, listenForDefault } from "./ballot.js";

const members = await gather();
const [alice, bob, carol, dave] = members;
try {
  console.log("Alice, Bob, Carol and Dave are in the garden. Missing votes count as no.");

  // "deferred" sends the proposal without the proposer's yes vote: Bob is asked later, like the others.
  console.log("\nBob proposes to remove Dave.");
  // Dave has no vote on his own removal.
  const asked = askAll([alice, bob, carol]);
  const refused = bob.garden.proposeRemove(dave.garden.state.self, { creatorVote: "deferred" });
  const first = await refused.accepted;
  const silence = listenForDefault(carol, { proposalId: first, countedBy: alice });
  await asked;
  console.log(`Before the first vote: ${countOf(alice, first)}`);
  await silence.tell();
  // Two of three voters must agree, so the second no decides.
  await castByHand(alice, false, { proposalId: first, countedBy: alice });
  console.log(`The result is ${await refused.decided}: ${alice.garden.state.members.length} members.`);
  await refused.committed.catch((error: Error) =>
    console.log(`The removal is not committed: ${error.message}`),
  );

  console.log("\nAlice proposes to remove Dave, with her own yes vote.");
  const askedAgain = askAll([bob, carol]);
  const accepted = alice.garden.proposeRemove(dave.garden.state.self);
  const end = dave.garden.nextEvent("leaving");
  const second = await accepted.accepted;
  await askedAgain;
  console.log(`Before the other votes: ${countOf(alice, second)}`);
  await castByHand(bob, true, { proposalId: second, countedBy: alice });
  console.log(`The result is ${await accepted.decided}.`);
  await accepted.committed;
  console.log(`The removal is committed: ${alice.garden.state.members.length} members.`);
  console.log(`Dave's conversation ends: ${(await end).reason}.`);
} finally {
  for (const member of members) await member.close();
}
