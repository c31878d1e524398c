import type { Member } from "./gather.js";

/** An open vote. */
export interface Ballot {
  readonly proposalId: number;
  /** Member whose tally is printed; every member counts for itself. */
  readonly countedBy: Member;
}

/** Prints the vote requests for the next removal, in the order of the members. Call it before the proposal. */
export async function askAll(members: readonly Member[]): Promise<void> {
  const requests = members.map(async ({ name, garden }) => {
    const { deadlineWallMs, defaultVote } = await garden.nextEvent("voteRequested", {
      where: ({ request }) => request.kind === "remove",
    });
    // A real program would show a dialog here; this one has fixed answers.
    const leftS = Math.ceil((deadlineWallMs - Date.now()) / 1_000);
    return `${name} is asked; the default vote is ${word(defaultVote)} after ${leftS} s.`;
  });
  for (const request of requests) console.log(await request);
}

/** Votes by hand, and prints the tally after the vote is counted. */
export async function castByHand(member: Member, choice: boolean, ballot: Ballot): Promise<void> {
  const counted = isCounted(member, ballot);
  await member.garden.vote(ballot.proposalId, choice);
  await counted;
  console.log(`${member.name} votes ${word(choice)}: ${countOf(ballot.countedBy, ballot.proposalId)}`);
}

/** Waits for the default vote of a member. Call it before the deadline, and `tell` after it. */
export function listenForDefault(member: Member, ballot: Ballot): { tell(): Promise<void> } {
  const counted = isCounted(member, ballot);
  return {
    async tell() {
      const { vote } = await counted;
      const count = countOf(ballot.countedBy, ballot.proposalId);
      console.log(`${member.name} casts the default vote ${word(vote)}: ${count}`);
    },
  };
}

/** The tally of an open or decided vote at one member. */
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
