import { createMemoryNetwork, createUser, platformRandom, type Conversation } from "demls";
import { createStewardMajority } from "./steward-majority.js";

const MEMBERS = 5;
const STEWARDS = 3;

const network = createMemoryNetwork();
const plugins = { consensus: createStewardMajority() };
const users = await Promise.all(
  Array.from({ length: MEMBERS }, () =>
    createUser({ key: platformRandom.bytes(32), transport: network.join(), plugins }),
  ),
);

/** Whether all members have joined, the stewards are elected, and no vote is open. */
async function settled(member: Conversation): Promise<void> {
  await member.nextState(
    ({ members, stewards, openVotes }) =>
      members.length === MEMBERS && stewards?.members.length === STEWARDS && openVotes.length === 0,
  );
}

/** Makes a member vote on the next removal, and calls back when it is asked. */
function answer(member: Conversation, choice: boolean, tell: () => void): void {
  member.events$.subscribe((event) => {
    if (event.kind !== "voteRequested" || event.request.kind !== "remove") return;
    tell();
    void member.vote(event.proposalId, choice);
  });
}

try {
  // Short timeouts, so that this ends in seconds. A joiner receives `commitInactivityMs` from the conversation; its own
  // value determines only the join timeout.
  const thinking = { votingDelayMs: 100, electionVotingDelayMs: 50 };
  const stewardList = { snMin: STEWARDS, snMax: STEWARDS };
  const [founder, ...joiners] = users as [(typeof users)[0], ...typeof users];
  // All members must decide alike, and members of de-mls 3.0.0 would not. Hence strict mode, the default.
  const garden = await founder.createConversation("garden", {
    // The guests vote on removals too, on their first day.
    config: { ...thinking, commitInactivityMs: 200, probationMs: 0 },
    stewards: stewardList,
  });
  const { line } = await garden.createInvitation({ uses: joiners.length });
  const joining = await Promise.all(
    joiners.map((user) => user.join(line, { config: thinking, stewards: stewardList }).conversation),
  );
  await Promise.all(joining.map(({ joined }) => joined));
  const members = [garden, ...joining];
  await Promise.all(members.map(settled));

  const list = garden.state.stewards?.members ?? [];
  const stewards = members.filter(({ state }) => list.includes(state.self));
  const [asking, leaving] = members.filter(({ state }) => !list.includes(state.self)) as [
    Conversation,
    Conversation,
  ];
  console.log(`${members.length} members are in the garden, ${stewards.length} of them stewards.`);

  let asked = 0;
  stewards.forEach((member, i) => answer(member, i > 0, () => asked++));
  for (const member of [asking, leaving])
    answer(member, false, () => console.log("Error: a member that is not a steward was asked."));

  console.log("\nA member that is not a steward proposes to remove another member.");
  const removal = asking.proposeRemove(leaving.state.self);
  const end = leaving.nextEvent("leaving");
  const result = await removal.decided;
  console.log(`Only the ${asked} stewards are asked. One votes no, two vote yes: the result is ${result}.`);
  await removal.committed;
  console.log(`The removal is committed: ${asking.state.members.length} members.`);
  console.log(`The removed member's conversation ends: ${(await end).reason}.`);
} finally {
  for (const user of users) await user.close();
}
