import { createMemoryNetwork, createUser, DemlsError, platformRandom, type Conversation } from "demls";

/** A user with its conversation. */
export interface Member {
  readonly name: string;
  readonly garden: Conversation;
  close(): Promise<void>;
}

/** Time to vote by hand; afterwards the default vote is no. */
const THOUGHTFUL = { livenessCriteriaYes: false, votingDelayMs: 20_000, electionVotingDelayMs: 20_000 };

/** Each member sets its own voting delay. */
const HASTY = { ...THOUGHTFUL, votingDelayMs: 1_500 };

/** Creates a conversation of four members; the first one has created it and approved the joins. */
export async function gather(): Promise<readonly [Member, Member, Member, Member]> {
  const network = createMemoryNetwork();
  const enter = (display: string) =>
    createUser({ key: platformRandom.bytes(32), transport: network.join(), display });

  const alice = await enter("Alice");
  const others = [await enter("Bob"), await enter("Carol"), await enter("Dave")] as const;
  const [bob, carol, dave] = others;

  // The guests vote on removals too, on their first day.
  const config = { ...THOUGHTFUL, commitInactivityMs: 200, probationMs: 0 };
  const garden = await alice.createConversation("garden", { config });
  welcomeAll(garden);
  const { line } = await garden.createInvitation({ uses: others.length });
  const joining = [
    await bob.join(line, { config: THOUGHTFUL }).conversation,
    await carol.join(line, { config: HASTY }).conversation,
    await dave.join(line, { config: THOUGHTFUL }).conversation,
  ];
  joining.forEach(welcomeAll);
  await Promise.all(joining.map(({ joined }) => joined));

  const memberOf = (user: typeof alice): Member => ({
    name: user.display,
    garden: user.conversation("garden"),
    close: () => user.close(),
  });
  return [memberOf(alice), memberOf(bob), memberOf(carol), memberOf(dave)];
}

/** Votes yes on every joiner and on every steward election, but not on removals. */
function welcomeAll(garden: Conversation): void {
  garden.events$.subscribe((event) => {
    if (event.kind !== "voteRequested" || event.request.kind === "remove") return;
    garden.vote(event.proposalId, true).catch(bearWithBeingLate);
  });
}

/** Ignores a vote that came after the decision. */
function bearWithBeingLate(error: unknown): void {
  if (error instanceof DemlsError && error.code === "proposal-closed") return;
  throw error;
}
