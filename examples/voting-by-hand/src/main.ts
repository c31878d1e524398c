import { gather } from "./gather.js";
import { askAll, castByHand, countOf, listenForDefault } from "./ballot.js";

const members = await gather();
const [alice, bob, carol, dave] = members;
try {
  console.log(`${members.map(({ name }) => name).join(", ")} are in the garden, where silence counts as no.`);

  // With "deferred" the proposer's yes does not travel along: Bob is asked later, like everyone.
  console.log("\nBob proposes to remove Dave.");
  const asked = askAll(members);
  const refused = bob.garden.proposeRemove(dave.garden.state.self, { creatorVote: "deferred" });
  const first = await refused.accepted;
  const silence = listenForDefault(dave, { proposalId: first, countedBy: alice });
  await asked;
  console.log(`Before anyone has voted: ${countOf(alice, first)}`);
  await silence.tell();
  // Three of four members must agree, so the second no decides.
  await castByHand(alice, false, { proposalId: first, countedBy: alice });
  console.log(`The answer is ${await refused.decided}: ${alice.garden.state.members.length} members.`);
  await refused.committed.catch((error: Error) => console.log(`It is never committed: ${error.message}`));

  console.log("\nAlice proposes to remove Dave, and her yes travels along.");
  const askedAgain = askAll([bob, carol]);
  const accepted = alice.garden.proposeRemove(dave.garden.state.self);
  const end = dave.garden.nextEvent("leaving");
  const second = await accepted.accepted;
  await askedAgain;
  console.log(`Before anyone else has voted: ${countOf(alice, second)}`);
  await castByHand(bob, true, { proposalId: second, countedBy: alice });
  await castByHand(carol, true, { proposalId: second, countedBy: alice });
  console.log(`The answer is ${await accepted.decided}.`);
  await accepted.committed;
  console.log(`It is committed: ${alice.garden.state.members.length} members.`);
  console.log(`Dave's conversation ends: ${(await end).reason}.`);
} finally {
  for (const member of members) await member.close();
}
