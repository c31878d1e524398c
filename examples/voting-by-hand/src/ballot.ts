import type { Member } from "./gather.js";

/** A vote that is being counted. */
export interface Ballot {
  readonly proposalId: number;
  /** Whose count is told of; every member counts for itself. */
  readonly countedBy: Member;
}

/** Tells how each member is asked about the next removal, in their order; call it before the proposal is made. */
export async function askAll(members: readonly Member[]): Promise<void> {
  const requests = members.map(async ({ name, garden }) => {
    const { deadlineWallMs, defaultVote } = await garden.nextEvent("voteRequested", {
      where: ({ request }) => request.kind === "remove",
    });
    // A program would show a dialog here; in this one the story says what each answers.
    const leftS = Math.ceil((deadlineWallMs - Date.now()) / 1_000);
    return `${name} is asked; after ${leftS} s of silence it is a ${word(defaultVote)}.`;
  });
  for (const request of requests) console.log(await request);
}

/** Votes by hand, and tells the count once the vote is in it. */
export async function castByHand(member: Member, choice: boolean, ballot: Ballot): Promise<void> {
  const counted = isCounted(member, ballot);
  await member.garden.vote(ballot.proposalId, choice);
  await counted;
  console.log(`${member.name} votes ${word(choice)}: ${countOf(ballot.countedBy, ballot.proposalId)}`);
}

/** Waits for the vote that is cast for a member at its deadline; call it before that, and `tell` when it is due. */
export function listenForDefault(member: Member, ballot: Ballot): { tell(): Promise<void> } {
  const counted = isCounted(member, ballot);
  return {
    async tell() {
      const { vote } = await counted;
      const count = countOf(ballot.countedBy, ballot.proposalId);
      console.log(`${member.name} says nothing, and a ${word(vote)} is cast: ${count}`);
    },
  };
}

/** How a vote stands at one of the members, whether it is open or decided. */
export function countOf({ garden }: Member, proposalId: number): string {
  const tally = garden.state.proposals.find((proposal) => proposal.proposalId === proposalId);
  return `${tally?.yes} yes, ${tally?.no} no, ${tally?.state === "active" ? "open" : "decided"}`;
}

function isCounted({ garden: { state } }: Member, { proposalId, countedBy }: Ballot) {
  return countedBy.garden.nextEvent("voteCast", {
    where: (cast) => cast.proposalId === proposalId && cast.voter === state.self,
  });
}

function word(vote: boolean): string {
  return vote ? "yes" : "no";
}
