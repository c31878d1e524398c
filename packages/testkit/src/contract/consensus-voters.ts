import {
  withSignature,
  type ChangeRequest,
  type ConsensusContext,
  type ConsensusPlugin,
  type IngestResult,
  type OpenProposal,
  type Tally,
  type TallyRule,
} from "@demls/consensus";
import { decodeProposal, encodeProposal, type Proposal, type Vote } from "@demls/wire";
import { DemlsError, memberIdFromBytes, memberIdToBytes, type MemberId } from "@demls/wire/core";
import { createFakeSigner, fakeVoteVerifier } from "../fake-signer.js";
import { broken, expectEqual, present } from "./contract-case.js";

/** Wall-clock second at which every case starts. */
export const NOW = 1_800_000_000n;

/** Expiration second of the cases' proposals. */
export const LIFETIME_SECONDS = 600n;

/** Context for checking network input. */
export function contextAt(nowSeconds = NOW): ConsensusContext {
  return { nowSeconds, verifier: fakeVoteVerifier };
}

/** The first `count` sample members. */
export function membersOf(count: number): readonly MemberId[] {
  return Array.from({ length: count }, (_, i) => memberIdFromBytes(new Uint8Array(20).fill(i + 1)));
}

/** A request of each kind about a member. Ids from the network may name no member or be empty. */
export function requestsAbout(member: MemberId): readonly ChangeRequest[] {
  const creator = memberIdFromBytes(new Uint8Array(20).fill(1));
  const accusation = { target: member, creator, epoch: 3n, payload: new Uint8Array() };
  return [
    { kind: "add", keyPackage: Uint8Array.of(1, 2, 3), member },
    { kind: "remove", member },
    { kind: "emergency", evidence: { ...accusation, violation: "brokenCommit" } },
    { kind: "emergency", evidence: { ...accusation, violation: 77 } },
    { kind: "emergency", evidence: undefined },
    { kind: "electStewards", stewards: [member], electionEpoch: 3n, retryRound: 0 },
  ];
}

/** Proposal with this number of voters. */
export function requestFor(expectedVoters: number, changes: Partial<OpenProposal> = {}): OpenProposal {
  return {
    proposalId: 7,
    name: "a removal",
    payload: Uint8Array.of(1, 2, 3),
    owner: new Uint8Array(20).fill(1),
    expectedVoters,
    expirationSeconds: LIFETIME_SECONDS,
    livenessCriteriaYes: true,
    ...changes,
  };
}

/** Signed vote of a member on a proposal in its current state. */
export function signedVote<S>(
  consensus: ConsensusPlugin<S>,
  state: S,
  voter: MemberId,
  choice: boolean,
  proposalId = 7,
): Vote {
  const signer = createFakeSigner(memberIdToBytes(voter));
  const unsigned = consensus.castVote(state, proposalId, { voter: signer.identity, choice, voteId: 1 }, NOW);
  return withSignature(unsigned, signer.sign(unsigned.message));
}

/** State after an input that must be accepted. */
export function taken<S>(result: IngestResult<S>, what: string): S {
  if (result.kind === "rejected") throw broken(`${what} is rejected: ${result.code}.`);
  return result.state;
}

/** State after receiving votes in turn. Votes after the decision may be rejected. */
export async function afterVotes<S>(
  consensus: ConsensusPlugin<S>,
  state: S,
  votes: readonly (readonly [MemberId, boolean])[],
): Promise<S> {
  const origin = state;
  for (const [voter, choice] of votes) {
    const result = await consensus.ingestVote(
      state,
      signedVote(consensus, origin, voter, choice),
      contextAt(),
    );
    const isOpen = tallyIn(consensus, state).state === "active";
    state = isOpen ? taken(result, "A vote") : result.state;
  }
  return state;
}

/** Tally of a case's proposal. */
export function tallyIn<S>(consensus: ConsensusPlugin<S>, state: S, proposalId = 7): Tally {
  return present(consensus.tally(state, proposalId), "tally of a proposal that was opened");
}

/** Parts of a tally that all members agree on. */
export function standing({ state, yes, no, expected }: Tally): unknown {
  return { state, yes, no, expected };
}

/** Proposal after a round trip over the wire format. */
export function carried(proposal: Proposal): Proposal {
  const decoded = decodeProposal(encodeProposal(proposal));
  if (!decoded.ok) throw broken(`An opened proposal cannot be decoded: ${decoded.reason}.`);
  return decoded.value;
}

/** Expects a rejection with an unchanged state, and with `code` if given. */
export function expectRejected<S>(result: IngestResult<S>, before: S, what: string, code?: string): void {
  if (result.kind === "accepted") throw broken(`${what} is accepted.`);
  if (code !== undefined) expectEqual(result.code, code, `The rejection code of ${what}`);
  expectEqual(result.state, before, `The state after ${what}`);
}

/** Whether the algorithm, as configured, rejects conversations with this rule. */
export function isRefused<S>(consensus: ConsensusPlugin<S>, tally: TallyRule): boolean {
  try {
    consensus.checkRules?.({ tally });
    return false;
  } catch (error) {
    if (!(error instanceof DemlsError)) throw broken(`checkRules throws ${String(error)}, not a DemlsError.`);
    expectEqual(String(error.code), "unsupported-consensus", "The error's code");
    present(error.field, "field of the error");
    return true;
  }
}
