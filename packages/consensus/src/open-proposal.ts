import type { Proposal } from "@demls/wire";
import { DemlsError } from "@demls/wire/core";
import type { OpenProposal } from "./plugin.js";
import { isUint32, requireUint32 } from "./uint32.js";

const MAX_UINT64 = 0xffff_ffff_ffff_ffffn;

/**
 * New proposal for a request: no votes, round 1, created now. An expiration beyond 64 bits is capped.
 *
 * @throws DemlsError as {@link ConsensusPlugin.open}, except `proposal-already-exist`.
 */
export function proposalOf(request: OpenProposal, livenessByDefault: boolean, nowSeconds: bigint): Proposal {
  checkRequest(request);
  const expiration = nowSeconds + request.expirationSeconds;
  return {
    name: request.name,
    payload: request.payload,
    proposalId: request.proposalId,
    proposalOwner: request.owner,
    votes: [],
    expectedVotersCount: request.expectedVoters,
    round: 1,
    timestamp: nowSeconds,
    expirationTimestamp: expiration > MAX_UINT64 ? MAX_UINT64 : expiration,
    livenessCriteriaYes: request.livenessCriteriaYes ?? livenessByDefault,
  };
}

function checkRequest({ proposalId, expectedVoters, expirationSeconds }: OpenProposal): void {
  if (!isUint32(expectedVoters) || expectedVoters === 0) {
    throw new DemlsError("invalid-expected-voters-count", {
      message: "A proposal needs at least one voter.",
      field: "expectedVoters",
      remedy: "Pass the size of the electorate, an unsigned 32-bit integer of at least 1.",
    });
  }
  if (expirationSeconds < 1n) {
    throw new DemlsError("invalid-timeout", {
      message: "A proposal must be open for at least one whole second.",
      field: "expirationSeconds",
      remedy: "Pass at least 1 second: the wire format has whole seconds.",
    });
  }
  requireUint32(proposalId, "proposalId");
}
