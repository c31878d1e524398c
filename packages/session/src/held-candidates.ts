import { bytesToHex, compareBytes } from "@demls/wire/core";
import { withEntry } from "./persistent-collections.js";
import type { HeldCandidate } from "./state.js";
import { eligibleStewards, emit, update, type Turn } from "./turn.js";

/** Keeps a candidate for the selection; of two by one member the one with the smaller hash. */
export function holdCandidate(turn: Turn, candidate: HeldCandidate): boolean {
  const { candidates } = turn.state;
  const held = candidates.get(candidate.steward);
  if (held !== undefined && compareBytes(held.commitHash, candidate.commitHash) <= 0) return false;
  update(turn, { candidates: withEntry(candidates, candidate.steward, candidate) });
  emit(turn, {
    kind: "commitCandidateReceived",
    steward: candidate.steward,
    commitHash: bytesToHex(candidate.commitHash),
    proposals: candidate.proposalCount,
    own: candidate.own,
  });
  return true;
}

/** Whether `hash` is among the commits merged lately. */
export function isCommitted(turn: Turn, hash: Uint8Array): boolean {
  return turn.state.committed.includes(bytesToHex(hash));
}

/** Whether every steward that can commit has sent a candidate, so that waiting longer brings nothing. */
export function allCandidatesIn(turn: Turn): boolean {
  const { expected, received } = candidateProgress(turn);
  return expected > 0 && received >= expected;
}

/** How many of the stewards that can commit have sent a candidate. */
export function candidateProgress(turn: Turn): { readonly received: number; readonly expected: number } {
  const { stewards } = turn.env.plugins;
  const expected = stewards.stewardMembers(turn.state.stewards, eligibleStewards(turn));
  const received = expected.filter((steward) => turn.state.candidates.has(steward));
  return { received: received.length, expected: expected.length };
}
