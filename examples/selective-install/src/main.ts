import { createEthereumSigner } from "@demls/consensus";
import { createVoter, type Voter } from "./voter.js";

const signers = ["Alice", "Bob", "Carol"].map((name) => [name, newSigner()] as const);
const electorate = signers.map(([, signer]) => signer.identity);
const voters = new Map(signers.map(([name, signer]) => [name, createVoter(signer, electorate)]));
const [alice, bob] = [...voters.values()] as [Voter, Voter, Voter];

console.log("Alice proposes.");
const { proposalId, packet } = await alice.ask("Tea at four?");
await publish(packet, alice);

console.log("Mallory, a stranger, votes no.");
const mallory = createVoter(newSigner(), electorate);
await mallory.hear(packet);
await publish(await mallory.vote(proposalId, false), mallory);

console.log("Bob votes yes. A copy with its last bit changed arrives before the vote.");
const vote = await bob.vote(proposalId, true);
await publish(vote.with(-1, vote.at(-1)! ^ 1), bob);
await publish(vote, bob);

for (const [name, voter] of voters) {
  const tally = await voter.tally(proposalId);
  console.log(`${name} counts ${tally?.yes} yes of ${tally?.expected}: ${tally?.state}.`);
}

/** Delivers bytes to all voters except their sender. A real program would use its network. */
async function publish(bytes: Uint8Array, sender: Voter): Promise<void> {
  for (const [name, voter] of voters)
    if (voter !== sender) console.log(`  ${name} ${await voter.hear(bytes)}.`);
}

function newSigner() {
  return createEthereumSigner(crypto.getRandomValues(new Uint8Array(32)));
}
