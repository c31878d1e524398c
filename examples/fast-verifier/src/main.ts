import {
  createMemoryNetwork,
  createUser,
  ethereumVerifier,
  platformRandom,
  type Conversation,
  type VoteVerifier,
} from "demls";
import { fastVerifier } from "./fast-verifier.js";
import { countVotes, signVotes } from "./votes.js";

const VOTES = 100;
const ROUNDS = 2;

/** Processor time of the faster of two rounds, which is independent of other processes. */
async function cpuMs(action: () => Promise<unknown>): Promise<number> {
  const rounds: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const before = process.cpuUsage();
    await action();
    const { user, system } = process.cpuUsage(before);
    rounds.push((user + system) / 1000);
  }
  return Math.min(...rounds);
}

const signed = signVotes(VOTES, platformRandom.bytes);
const verifiers: readonly (readonly [string, VoteVerifier])[] = [
  ["The default verifier", ethereumVerifier],
  ["The fast one", fastVerifier],
];
for (const [name, verifier] of verifiers) {
  const result = await countVotes(signed, verifier);
  const time = await cpuMs(() => countVotes(signed, verifier));
  console.log(`${name} verifies ${VOTES} votes in ${time.toFixed(0)} ms of processor time: ${result}.`);
}

const network = createMemoryNetwork();
const newUser = (plugins: { verifier?: VoteVerifier } = {}) =>
  createUser({ key: platformRandom.bytes(32), transport: network.join(), plugins });
const [alice, bob, carol] = [await newUser({ verifier: fastVerifier }), await newUser(), await newUser()];

/** Whether all members are stewards, and no vote is open. */
async function settled(member: Conversation): Promise<void> {
  await member.nextState(
    ({ members, stewards, openVotes }) =>
      members.length === 2 && stewards?.members.length === 2 && openVotes.length === 0,
  );
}

try {
  const config = { votingDelayMs: 100, electionVotingDelayMs: 50 };
  const garden = await alice.createConversation("garden", {
    config: { ...config, commitInactivityMs: 200 },
  });
  const { line } = await garden.createInvitation({ uses: 2 });
  const bobs = await bob.join(line, { config }).conversation;
  await bobs.joined;
  await Promise.all([garden, bobs].map(settled));

  console.log("\nCarol asks to join. Alice uses the fast verifier, and Bob the default one.");
  const decided = [garden, bobs].map((member) => member.nextEvent("proposalDecided"));
  const carols = await carol.join(line, { config }).conversation;
  const [atAlice, atBob] = (await Promise.all(decided)).map(({ result }) => result);
  console.log(`Alice decides ${atAlice}, and Bob ${atBob}.`);
  await carols.joined;
  console.log(`Carol has joined: ${carols.state.members.length} members.`);
} finally {
  for (const user of [alice, bob, carol]) await user.close();
}
