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

/** One of those who vote. What it has to tell the others are bytes, for whatever carries them. */
export interface Voter {
  /** Asks a question, and says yes to it. */
  ask(question: string): Promise<{ readonly proposalId: number; readonly packet: Uint8Array }>;
  /** Votes on a question that it was asked. */
  vote(proposalId: number, choice: boolean): Promise<Uint8Array>;
  /** Takes in what another one has sent, and answers for any bytes what it made of them. */
  hear(packet: Uint8Array): Promise<string>;
  /** How a vote stands here; `undefined` where it does not know of it. */
  tally(proposalId: number): Promise<Tally | undefined>;
}

/** Groups the questions: a service may hold those of many such rooms. */
const ROOM = "kitchen";

const platform = {
  clock: { wallMs: () => Date.now() },
  random: { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) },
};

/**
 * A voter.
 *
 * @param signer signs its votes.
 * @param electorate who may vote, by the addresses of their keys: all voters must know the same.
 */
export function createVoter(signer: ConsensusSigner, electorate: readonly Uint8Array[]): Voter {
  const service = createConsensusService({ ...platform, signer });

  /** The service judges what a vote says. Who may vote is for its caller to know. */
  const mayVote = (owner: Uint8Array): boolean => electorate.some((other) => bytesEqual(other, owner));

  async function hearProposal(proposal: Proposal): Promise<string> {
    const { proposalOwner, votes, expectedVotersCount, payload } = proposal;
    const voters = [proposalOwner, ...votes.map(({ voteOwner }) => voteOwner)];
    if (!voters.every(mayVote)) return "refuses it: a stranger asks";
    if (expectedVotersCount !== electorate.length) return "refuses it: another electorate";
    const outcome = await service.processIncomingProposal(ROOM, proposal);
    return `is asked "${bytesToUtf8(payload)}", and ${told(outcome)}`;
  }

  async function hearVote(vote: Vote): Promise<string> {
    if (!mayVote(vote.voteOwner)) return "refuses it: a stranger votes";
    return `hears a vote, and ${told(await service.processIncomingVote(ROOM, vote))}`;
  }

  return {
    async ask(question) {
      const { proposalId } = await service.createProposal(ROOM, {
        name: "question",
        payload: utf8ToBytes(question),
        expectedVoters: electorate.length,
        expirationSeconds: 600n,
        livenessCriteriaYes: false, // silence counts as no
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
      if (!decoded.ok) return "refuses it: no message";
      const message = decoded.value;
      if (message.kind === "proposal") return hearProposal(message.proposal);
      if (message.kind === "vote") return hearVote(message.vote);
      return "refuses it: neither question nor vote";
    },

    tally: (proposalId) => service.tally(ROOM, proposalId),
  };
}

function told(outcome: IncomingOutcome): string {
  return outcome.kind === "accepted" ? "takes it in" : `refuses it: ${outcome.code}`;
}
