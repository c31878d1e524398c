import {
  createEthereumSigner,
  createHashgraphConsensus,
  prepareVote,
  withSignature,
  type VoteVerifier,
} from "@demls/consensus";
import type { Proposal, Vote } from "@demls/wire";

const NOW_SECONDS = 1_800_000_000n;

/** A proposal that takes every one of its votes to be decided, and those votes. */
export interface SignedVotes {
  readonly proposal: Proposal;
  readonly votes: readonly Vote[];
}

// All must vote, so that each vote is counted.
const consensus = createHashgraphConsensus({ threshold: 1 });

/** A proposal with the votes of so many voters, each signed with a key of its own. */
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

/** Takes in all votes, one by one as they come from the network, and says what they decide. */
export async function countVotes({ proposal, votes }: SignedVotes, verifier: VoteVerifier): Promise<string> {
  const context = { nowSeconds: NOW_SECONDS, verifier };
  let { state } = await consensus.ingestProposal(consensus.empty(), proposal, context);
  for (const vote of votes) ({ state } = await consensus.ingestVote(state, vote, context));
  return consensus.tally(state, proposal.proposalId)?.state ?? "unknown";
}
