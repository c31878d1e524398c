import { createMemoryNetwork, createUser, DemlsError, platformRandom, type Conversation } from "demls";

/** A person with its place in the garden. */
export interface Member {
  readonly name: string;
  readonly garden: Conversation;
  close(): Promise<void>;
}

/** A hand has 20 seconds; then silence counts as no. */
const THOUGHTFUL = { livenessCriteriaYes: false, votingDelayMs: 20_000, electionVotingDelayMs: 20_000 };

/** How long a member thinks is its own setting. */
const HASTY = { ...THOUGHTFUL, votingDelayMs: 1_500 };

/** Four members of one garden; the first has created it and let the others in. */
export async function gather(): Promise<readonly [Member, Member, Member, Member]> {
  const network = createMemoryNetwork();
  const enter = (display: string) =>
    createUser({ key: platformRandom.bytes(32), transport: network.join(), display });

  const alice = await enter("Alice");
  const others = [await enter("Bob"), await enter("Carol"), await enter("Dave")] as const;
  const [bob, carol, dave] = others;

  welcomeAll(
    await alice.createConversation("garden", { config: { ...THOUGHTFUL, commitInactivityMs: 200 } }),
  );
  const joining = [
    await bob.joinConversation("garden", { config: THOUGHTFUL }),
    await carol.joinConversation("garden", { config: THOUGHTFUL }),
    await dave.joinConversation("garden", { config: HASTY }),
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

/** A hand that says yes to every joiner and to every election of stewards; whom to remove is left to others. */
function welcomeAll(garden: Conversation): void {
  garden.events$.subscribe((event) => {
    if (event.kind !== "voteRequested" || event.request.kind === "remove") return;
    garden.vote(event.proposalId, true).catch(bearWithBeingLate);
  });
}

/** The others may have decided while a hand went up. */
function bearWithBeingLate(error: unknown): void {
  if (error instanceof DemlsError && error.code === "proposal-closed") return;
  throw error;
}
