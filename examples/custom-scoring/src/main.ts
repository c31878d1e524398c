import { createMemoryNetwork, createUser, platformRandom, scoringConfig, type Conversation } from "demls";
import { trustScoring } from "./trust-scoring.js";

const network = createMemoryNetwork();
/** Rules and threshold of all members. They must be equal, since each member computes all scores itself. */
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

/** Accuses a member falsely: an emergency that the others reject for lack of evidence. */
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
  // Short timeouts, so that this ends in seconds, and enough stewards to outvote one of them.
  const config = { votingDelayMs: 100, electionVotingDelayMs: 50 };
  const stewards = { snMin: 3, snMax: 3 };
  const garden = await alice.createConversation("garden", {
    // The guests vote on removals too, on their first day.
    config: { ...config, commitInactivityMs: 200, freezeMs: 500, probationMs: 0 },
    stewards,
  });
  const { line } = await garden.createInvitation({ uses: users.length - 1 });
  const joining = [];
  for (const user of users.slice(1)) joining.push(await user.join(line, { config }).conversation);
  await Promise.all(joining.map(({ joined }) => joined));
  console.log(`The garden has four members, and Mallory has a newcomer's score: ${scoreAt(garden)}.`);

  const end = mallory.conversation("garden").nextEvent("leaving");
  while (scoreAt(garden) > 20n) {
    const costs = garden.nextEvent("scoreChanged", { where: ({ member }) => member === mallory.id });
    await accuseFalsely(mallory.conversation("garden"), bob);
    console.log(`Mallory accuses Bob, and the others reject it. Mallory's score: ${(await costs).score}.`);
  }
  console.log(`Mallory has reached the threshold, and the group removes it: ${(await end).reason}.`);
} finally {
  for (const user of users) await user.close();
}

/** Mallory's score at one member. */
function scoreAt({ state }: Conversation): bigint {
  return state.members.find(({ id }) => id === mallory.id)?.score ?? 0n;
}
