import { createMemoryNetwork, createUser, platformRandom, type Conversation } from "demls";
import { createToyWallet } from "./toy-wallet.js";
import { createWalletSigner } from "./wallet-signer.js";

const network = createMemoryNetwork();
const wallet = createToyWallet([platformRandom.bytes(32), platformRandom.bytes(32)]);
const signer = await createWalletSigner(wallet, {
  onRefusal: (error) => console.log(`  ${(error as Error).message}`),
});
const alice = await createUser({ key: platformRandom.bytes(32), transport: network.join() });
const bob = await createUser({ signer, transport: network.join() });
const carol = await createUser({ key: platformRandom.bytes(32), transport: network.join() });

/** Whether no vote is open and the stewards are elected, so that the wallet is asked for this example's votes only. */
async function atRest(member: Conversation): Promise<void> {
  await member.nextState(
    ({ stewards, openVotes }) => stewards?.members.length === 2 && openVotes.length === 0,
  );
}

try {
  const config = { votingDelayMs: 100, electionVotingDelayMs: 50, commitInactivityMs: 200, probationMs: 0 };
  const garden = await alice.createConversation("garden", { config });
  // Default votes are due after the end of this example, except in elections.
  const thoughtful = { votingDelayMs: 20_000, electionVotingDelayMs: 50 };
  const { line } = await garden.createInvitation({ uses: 2 });
  const bobs = await bob.join(line, { config: thoughtful }).conversation;
  const carols = await carol.join(line, { config: thoughtful }).conversation;
  await Promise.all([bobs.joined, carols.joined]);
  await Promise.all([garden, bobs, carols].map(atRest));
  console.log("Alice, Bob and Carol are in the garden. Bob's votes are signed by his wallet.");

  console.log("\nBob proposes to remove Carol, and declines the signature in his wallet.");
  wallet.owner = () => false;
  await bobs.proposeRemove(carol.id).accepted.catch((error: Error) => console.log(error.message));

  console.log("\nBob selects another account in his wallet, and proposes the removal again.");
  wallet.owner = () => true;
  wallet.choose(1);
  await bobs.proposeRemove(carol.id).accepted.catch((error: Error) => console.log(error.message));
  wallet.choose(0);

  console.log("\nAlice proposes to remove Carol. Bob votes yes, and his wallet asks for confirmation.");
  let answer!: (confirmed: boolean) => void;
  wallet.owner = () => new Promise((resolve) => (answer = resolve));
  const asked = bobs.nextEvent("voteRequested");
  const ban = garden.proposeRemove(carol.id);
  const { proposalId } = await asked;
  await bobs.vote(proposalId, true);

  const heard = bobs.nextEvent("message");
  const replied = garden.nextEvent("message");
  await garden.send("Have you voted?");
  console.log(`  Bob receives: ${(await heard).text}`);
  await bobs.send("My wallet is asking me.");
  console.log(`  Alice receives: ${(await replied).text}`);

  const refused = bobs.nextEvent("error");
  answer(false);
  console.log(`${(await refused).message} The vote is open, and Bob can vote again.`);

  wallet.owner = () => true;
  await bobs.vote(proposalId, true);
  console.log(`His wallet signs, and his vote decides: ${await ban.decided}.`);
} finally {
  for (const user of [alice, bob, carol]) await user.close();
}
