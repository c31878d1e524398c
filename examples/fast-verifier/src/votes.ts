import {
  createEthereumSigner,
  createHashgraphConsensus,
  prepareVote,
  withSignature,
  type VoteVerifier,
} from "@demls/consensus";
import type { Proposal, Vote } from "@demls/wire";

const NOW_SECONDS = 1_800_000_000n;

/** A proposal whose decision needs all its votes, and the votes. */
export interface SignedVotes {
  readonly proposal: Proposal;
  readonly votes: readonly Vote[];
}

// The decision needs all votes, so that each of them is verified.
const consensus = createHashgraphConsensus({ threshold: 1 });

/** Creates a proposal and the votes of `count` voters, each signed with its own key. */
export function signVotes(count: number, randomBytes: (length: number) => Uint8Array): SignedVotes {
  const signers = Array.from({ length: count }, () => createEthereumSigner(randomBytes(32)));
  const request = { proposalId: 1, name: "n", payload: new Uint8Array(64), owner: new Uint8Array(20) };
  const limits = { expectedVoters: count, expirationSeconds: 60n };
  const { proposal } = consensus.open(consensus.empty(), { ...request, ...limits }, NOW_SECONDS);
  const votes = signers.map((signer, voteId) => {
    const ballot = { voter: signer.identity, choice: true, voteId };
    const unsigned = prepareVote(proposal, ballot, NOW_SECONDS);
    return withSignature(unsigned, signer.sign(unsigned.message));
  });
  return { proposal, votes };
}

/** Processes all votes one by one, as from the network. @returns the decision. */
export async function countVotes({ proposal, votes }: SignedVotes, verifier: VoteVerifier): Promise<string> {
  const context = { nowSeconds: NOW_SECONDS, verifier };
  let { state } = await consensus.ingestProposal(consensus.empty(), proposal, context);
  for (const vote of votes) ({ state } = await consensus.ingestVote(state, vote, context));
  return consensus.tally(state, proposal.proposalId)?.state ?? "unknown";
}
