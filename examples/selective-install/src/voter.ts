import type { ConsensusSigner, Tally } from "@demls/consensus";
import { createConsensusService, type IncomingOutcome } from "@demls/consensus/service";
import {
  bytesEqual,
  bytesToUtf8,
  decodeAppMessage,
  encodeAppMessage,
  utf8ToBytes,
  type Proposal,
  type Vote,
} from "@demls/wire";

/** A voter. It exchanges bytes with the others, over any network. */
export interface Voter {
  /** Proposes a question, with an own yes vote. */
  ask(question: string): Promise<{ readonly proposalId: number; readonly packet: Uint8Array }>;
  /** Votes on a received question. */
  vote(proposalId: number, choice: boolean): Promise<Uint8Array>;
  /** Processes bytes of another voter. @returns a description of the outcome. */
  hear(packet: Uint8Array): Promise<string>;
  /** The tally of a question; `undefined` for an unknown question. */
  tally(proposalId: number): Promise<Tally | undefined>;
}

/** Scope of the questions; a service may have many scopes. */
const ROOM = "kitchen";

const platform = {
  clock: { wallMs: () => Date.now() },
  random: { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) },
};

/**
 * Creates a voter.
 *
 * @param signer signs the votes.
 * @param electorate addresses of the eligible voters, equal for all voters.
 */
export function createVoter(signer: ConsensusSigner, electorate: readonly Uint8Array[]): Voter {
  const service = createConsensusService({ ...platform, signer });

  /** The service validates votes; its caller checks whether the voter is eligible. */
  const mayVote = (owner: Uint8Array): boolean => electorate.some((other) => bytesEqual(other, owner));

  async function hearProposal(proposal: Proposal): Promise<string> {
    const { proposalOwner, votes, expectedVotersCount, payload } = proposal;
    const voters = [proposalOwner, ...votes.map(({ voteOwner }) => voteOwner)];
    if (!voters.every(mayVote)) return "rejects it: a stranger proposes";
    if (expectedVotersCount !== electorate.length) return "rejects it: another electorate";
    const outcome = await service.processIncomingProposal(ROOM, proposal);
    return `receives "${bytesToUtf8(payload)}" and ${told(outcome)}`;
  }

  async function hearVote(vote: Vote): Promise<string> {
    if (!mayVote(vote.voteOwner)) return "rejects it: a stranger votes";
    return `receives a vote and ${told(await service.processIncomingVote(ROOM, vote))}`;
  }

  return {
    async ask(question) {
      const { proposalId } = await service.createProposal(ROOM, {
        name: "question",
        payload: utf8ToBytes(question),
        expectedVoters: electorate.length,
        expirationSeconds: 600n,
        livenessCriteriaYes: false, // missing votes count as no
      });
      const proposal = await service.castVoteAndGetProposal(ROOM, proposalId, true);
      return { proposalId, packet: encodeAppMessage({ kind: "proposal", proposal }) };
    },

    async vote(proposalId, choice) {
      const vote = await service.castVote(ROOM, proposalId, choice);
      return encodeAppMessage({ kind: "vote", vote });
    },

    async hear(packet) {
      const decoded = decodeAppMessage(packet);
      if (!decoded.ok) return "rejects it: not a message";
      const message = decoded.value;
      if (message.kind === "proposal") return hearProposal(message.proposal);
      if (message.kind === "vote") return hearVote(message.vote);
      return "rejects it: neither question nor vote";
    },

    tally: (proposalId) => service.tally(ROOM, proposalId),
  };
}

function told(outcome: IncomingOutcome): string {
  return outcome.kind === "accepted" ? "accepts it" : `rejects it: ${outcome.code}`;
}
