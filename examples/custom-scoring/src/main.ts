import { createMemoryNetwork, createUser, platformRandom, scoringConfig, type Conversation } from "demls";
import { trustScoring } from "./trust-scoring.js";

const network = createMemoryNetwork();
/** The same rules and the same threshold for everyone: each member keeps all scores by itself. */
const plugins = { scoring: trustScoring, scoringConfig: scoringConfig({ threshold: 20n }) };
const enter = (display: string) =>
  createUser({ key: platformRandom.bytes(32), transport: network.join(), display, plugins });

const users = [
  await enter("Alice"),
  await enter("Bob"),
  await enter("Carol"),
  await enter("Mallory"),
] as const;
const [alice, bob, , mallory] = users;

/** Accuses a member of what it has not done: an emergency that the others refuse, since nothing bears it out. */
async function accuseFalsely(by: Conversation, target: typeof bob): Promise<void> {
  const evidence = {
    violation: "brokenCommit" as const,
    target: target.id,
    creator: by.state.self,
    epoch: by.state.epoch ?? 0n,
    payload: new Uint8Array(),
  };
  await by.propose({ kind: "emergency", evidence }).decided;
}

try {
  // Short waits, so that this ends in seconds, and stewards enough to outvote one of them.
  const config = { votingDelayMs: 100, electionVotingDelayMs: 50 };
  const stewards = { snMin: 3, snMax: 3 };
  const garden = await alice.createConversation("garden", {
    config: { ...config, commitInactivityMs: 200, freezeMs: 500 },
    stewards,
  });
  const joining = [];
  for (const user of users.slice(1)) joining.push(await user.joinConversation("garden", { config }));
  await Promise.all(joining.map(({ joined }) => joined));
  console.log(`Four are in the garden, and Mallory has the score of a newcomer: ${scoreAt(garden)}.`);

  const end = mallory.conversation("garden").nextEvent("leaving");
  while (scoreAt(garden) > 20n) {
    const costs = garden.nextEvent("scoreChanged", { where: ({ member }) => member === mallory.id });
    await accuseFalsely(mallory.conversation("garden"), bob);
    console.log(`Mallory accuses Bob, whom nobody finds guilty: ${(await costs).score}.`);
  }
  console.log(`Mallory is at the threshold, and is voted out: ${(await end).reason}.`);
} finally {
  for (const user of users) await user.close();
}

/** Mallory's score, as a member has it. */
function scoreAt({ state }: Conversation): bigint {
  return state.members.find(({ id }) => id === mallory.id)?.score ?? 0n;
}
