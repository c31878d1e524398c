import {
  createHashgraphConsensus,
  ethereumVerifier,
  foldProposalId,
  ID_RANDOM_BYTES,
  withSignature,
  type EthereumSigner,
  type IngestResult,
  type Tally,
} from "@demls/consensus";
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
  ask(question: string): { readonly proposalId: number; readonly packet: Uint8Array };
  /** Votes on a question that it was asked. */
  vote(proposalId: number, choice: boolean): Uint8Array;
  /** Takes in what another one has sent, and answers for any bytes what it made of them. */
  hear(packet: Uint8Array): Promise<string>;
  /** How a vote stands here; `undefined` where it does not know of it. */
  tally(proposalId: number): Tally | undefined;
}

/** How long a question may be answered. */
const LIFETIME_SECONDS = 600n;

/**
 * A voter.
 *
 * @param signer signs its votes.
 * @param electorate who may vote, by the addresses of their keys: all voters must know the same.
 */
export function createVoter(signer: EthereumSigner, electorate: readonly Uint8Array[]): Voter {
  const consensus = createHashgraphConsensus();
  // The algorithm is functions of a value; this is the value.
  let state = consensus.empty();

  /** The algorithm judges what a vote says. Who may vote is for its caller to know. */
  const mayVote = (owner: Uint8Array): boolean => electorate.some((other) => bytesEqual(other, owner));

  function cast(proposalId: number, choice: boolean): Vote {
    const ballot = { voter: signer.identity, choice, voteId: newId() };
    const unsigned = consensus.castVote(state, proposalId, ballot, nowSeconds());
    const vote = withSignature(unsigned, signer.sign(unsigned.message));
    ({ state } = consensus.admitOwnVote(state, vote, nowSeconds()));
    return vote;
  }

  /** Goes on with what the algorithm returned. */
  function keep(result: IngestResult<typeof state>): string {
    ({ state } = result);
    return result.kind === "accepted" ? "takes it in" : `refuses it: ${result.code}`;
  }

  async function hearProposal(proposal: Proposal): Promise<string> {
    const { proposalOwner, votes, expectedVotersCount, payload } = proposal;
    const voters = [proposalOwner, ...votes.map(({ voteOwner }) => voteOwner)];
    if (!voters.every(mayVote)) return "refuses it: a stranger asks";
    if (expectedVotersCount !== electorate.length || votes.length > electorate.length)
      return "refuses it: another electorate";
    const context = { nowSeconds: nowSeconds(), verifier: ethereumVerifier };
    return `is asked "${bytesToUtf8(payload)}", and ${keep(await consensus.ingestProposal(state, proposal, context))}`;
  }

  async function hearVote(vote: Vote): Promise<string> {
    if (!mayVote(vote.voteOwner)) return "refuses it: a stranger votes";
    const context = { nowSeconds: nowSeconds(), verifier: ethereumVerifier };
    return `hears a vote, and ${keep(await consensus.ingestVote(state, vote, context))}`;
  }

  return {
    ask(question) {
      const proposalId = newId();
      const request = {
        proposalId,
        name: "question",
        payload: utf8ToBytes(question),
        owner: signer.identity,
        expectedVoters: electorate.length,
        expirationSeconds: LIFETIME_SECONDS,
        livenessCriteriaYes: false, // silence counts as no
      };
      const { state: opened, proposal } = consensus.open(state, request, nowSeconds());
      state = opened;
      const votes = [cast(proposalId, true)];
      return {
        proposalId,
        packet: encodeAppMessage({ kind: "proposal", proposal: { ...proposal, votes } }),
      };
    },

    vote: (proposalId, choice) => encodeAppMessage({ kind: "vote", vote: cast(proposalId, choice) }),

    async hear(packet) {
      const decoded = decodeAppMessage(packet);
      if (!decoded.ok) return "refuses it: no message";
      const message = decoded.value;
      if (message.kind === "proposal") return hearProposal(message.proposal);
      if (message.kind === "vote") return hearVote(message.vote);
      return "refuses it: neither question nor vote";
    },

    tally: (proposalId) => consensus.tally(state, proposalId),
  };
}

function newId(): number {
  return foldProposalId(crypto.getRandomValues(new Uint8Array(ID_RANDOM_BYTES)));
}

function nowSeconds(): bigint {
  return BigInt(Math.floor(Date.now() / 1_000));
}
