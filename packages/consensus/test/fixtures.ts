import { decodeProposal, decodeVote, type Decoded, type Proposal, type Vote } from "@demls/wire";
import { hexToBytes } from "@demls/wire/core";
import {
  createEthereumSigner,
  createHashgraphConsensus,
  ethereumVerifier,
  prepareVote,
  withSignature,
  type ConsensusContext,
  type EthereumSigner,
  type HashgraphState,
  type IngestResult,
  type OpenProposal,
  type VoteVerifier,
} from "../src/index.js";

/** Within the lifetime of every proposal in the vectors, except the expired one. */
export const NOW = 1_800_000_000n;

/** Accepts every signature, for tests about counting. */
export const trustingVerifier: VoteVerifier = { verify: () => "valid" };

export const trusting: ConsensusContext = { nowSeconds: NOW, verifier: trustingVerifier };

/** Verifies signatures as in production. */
export const checking: ConsensusContext = { nowSeconds: NOW, verifier: ethereumVerifier };

export const consensus = createHashgraphConsensus();

export const PROPOSAL_ID = 7;

export function request(changes: Partial<OpenProposal> = {}): OpenProposal {
  return {
    proposalId: PROPOSAL_ID,
    name: "p",
    payload: Uint8Array.of(1),
    owner: voterId(0),
    expectedVoters: 3,
    expirationSeconds: 600n,
    ...changes,
  };
}

/** A conversation with one open proposal. */
export function opened(changes: Partial<OpenProposal> = {}): HashgraphState {
  return consensus.open(consensus.empty(), request(changes), NOW).state;
}

/** Identity bytes of an invented voter. */
export function voterId(index: number): Uint8Array {
  return new Uint8Array(20).fill(index + 1);
}

/** A vote of an invented voter with an invented signature, linked to nothing. */
export function inventedVote(index: number, choice: boolean, proposalId = PROPOSAL_ID): Vote {
  const unlinked = { proposalId, votes: [] } as unknown as Proposal;
  const ballot = { voter: voterId(index), choice, voteId: index };
  return withSignature(prepareVote(unlinked, ballot, NOW), Uint8Array.of(1));
}

/** A vote with its owner's signature. */
export function signedVote(proposal: Proposal, signer: EthereumSigner, choice: boolean, now = NOW): Vote {
  const unsigned = prepareVote(proposal, { voter: signer.identity, choice, voteId: 1 }, now);
  return withSignature(unsigned, signer.sign(unsigned.message));
}

export function testSigner(index: number): EthereumSigner {
  return createEthereumSigner(new Uint8Array(32).fill(index + 1));
}

/** Tally of the proposal that most tests use. */
export function tally(state: HashgraphState, proposalId = PROPOSAL_ID) {
  const found = consensus.tally(state, proposalId);
  if (found === undefined) throw new Error(`proposal ${proposalId} is not remembered`);
  return found;
}

/** The state after votes that must all be accepted. */
export async function afterVotes(state: HashgraphState, votes: readonly Vote[]): Promise<HashgraphState> {
  for (const vote of votes) {
    const result = await consensus.ingestVote(state, vote, trusting);
    if (result.kind === "rejected") throw new Error(`rejected: ${result.code}`);
    state = result.state;
  }
  return state;
}

/** A result without its state. */
export function outcome(result: IngestResult<HashgraphState>): unknown {
  return result.kind === "rejected" ? result.code : (result.decision?.result ?? "accepted");
}

export function bytes(hex: string): Uint8Array {
  const decoded = hexToBytes(hex);
  if (decoded === undefined) throw new Error(`not hex: ${hex}`);
  return decoded;
}

export function proposalFromHex(hex: string): Proposal {
  return value(decodeProposal(bytes(hex)));
}

export function voteFromHex(hex: string): Vote {
  return value(decodeVote(bytes(hex)));
}

function value<T>(decoded: Decoded<T>): T {
  if (!decoded.ok) throw new Error(`not decoded: ${decoded.reason}`);
  return decoded.value;
}

/** Recorded result of a call to the reference: "ok", or its error. */
export type RecordedResult = "ok" | { readonly variant: string };

/** A recorded result as this package reports it. */
export function asCode(recorded: RecordedResult): string {
  return recorded === "ok" ? "ok" : kebab(recorded.variant);
}

/** `SessionNotFound` as `session-not-found`. */
export function kebab(variant: string): string {
  return variant.replace(/(?!^)[A-Z]/g, "-$&").toLowerCase();
}
