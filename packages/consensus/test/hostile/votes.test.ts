import { decodeProposal, decodeVote, encodeProposal, encodeVote } from "@demls/wire";
import fc from "fast-check";
import { expect, test } from "vitest";
import { made, recipe } from "../../../../hostile/hostile-packet.js";
import { keeping, replaying } from "../../../../hostile/regressions.js";
import { createTries, trying } from "../../../../hostile/runs.js";
import {
  computeVoteHash,
  createHashgraphConsensus,
  type ConsensusContext,
  type HashgraphState,
  type IngestResult,
} from "../../src/index.js";
import { afterVotes, inventedVote, NOW, opened, PROPOSAL_ID, tally } from "../fixtures.js";
import { REGRESSIONS } from "./places.js";

const EACH = 10_000;

const consensus = createHashgraphConsensus();
const state = await afterVotes(opened({ expectedVoters: 5 }), [inventedVote(1, true)]);
const { proposal } = tally(state);
const other = { ...proposal, proposalId: 8, votes: [1, 2].map((voter) => inventedVote(voter, true, 8)) };
const genuine = {
  proposals: [encodeProposal(other), encodeProposal({ ...other, proposalId: 9, votes: [] })],
  votes: [2, 3, 4].map((voter) => encodeVote(inventedVote(voter, voter !== 3))),
};
const tries = createTries();

/** Accepts every signature, so that later checks are tested too, and counts its calls. */
function believing(): ConsensusContext & { asked(): number } {
  let asked = 0;
  const verify = (): "valid" => {
    asked += 1;
    return "valid";
  };
  return { nowSeconds: NOW, verifier: { verify }, asked: () => asked };
}

function expectTyped(result: IngestResult<HashgraphState>, before: HashgraphState): void {
  if (result.kind === "accepted") return expect(result.state.sessions.length).toBeLessThanOrEqual(2);
  expect(result.code).toMatch(/^[a-z]+(-[a-z]+)*$/);
  if (result.code !== "max-rounds-exceeded") expect(result.state).toBe(before);
}

/** @param rehashed whether its votes get the proposal's id and valid hashes, to pass the first checks */
async function checkProposal(bytes: Uint8Array, rehashed: boolean): Promise<void> {
  const decoded = decodeProposal(bytes);
  if (!decoded.ok) return;
  const votes = decoded.value.votes.map((vote) =>
    rehashed ? { ...vote, proposalId: decoded.value.proposalId, voteHash: computeVoteHash(vote) } : vote,
  );
  const context = believing();
  expectTyped(await consensus.ingestProposal(state, { ...decoded.value, votes }, context), state);
  expect(context.asked()).toBeLessThanOrEqual(votes.length);
}

/** @param rehashed whether it gets the open proposal's id and a valid hash, to pass the first checks */
async function checkVote(bytes: Uint8Array, rehashed: boolean): Promise<void> {
  const decoded = decodeVote(bytes);
  if (!decoded.ok) return;
  const hashed = { ...decoded.value, proposalId: PROPOSAL_ID };
  const vote = rehashed ? { ...hashed, voteHash: computeVoteHash(hashed) } : decoded.value;
  const context = believing();
  expectTyped(await consensus.ingestVote(state, vote, context), state);
  expect(context.asked()).toBeLessThanOrEqual(1);
}

test("a hostile proposal is accepted or rejected with a code, with at most one verification per vote", async () => {
  await fc.assert(
    fc.asyncProperty(recipe, fc.boolean(), async (how, rehashed) => {
      const bytes = made(how, genuine.proposals);
      tries.note("proposal");
      await keeping("proposal", bytes, () => checkProposal(bytes, rehashed));
    }),
    trying(EACH),
  );
});

test("a hostile vote is accepted or rejected with a code, with at most one verification", async () => {
  await fc.assert(
    fc.asyncProperty(recipe, fc.boolean(), async (how, rehashed) => {
      const bytes = made(how, genuine.votes);
      tries.note("vote");
      await keeping("vote", bytes, () => checkVote(bytes, rehashed));
    }),
    trying(EACH),
  );
});

test("the expected number of hostile inputs was tried", () =>
  tries.expectAtLeast({ proposal: EACH, vote: EACH }, 2 * EACH));

replaying(REGRESSIONS, {
  proposal: async (bytes) => {
    for (const rehashed of [false, true]) await checkProposal(bytes, rehashed);
  },
  vote: async (bytes) => {
    for (const rehashed of [false, true]) await checkVote(bytes, rehashed);
  },
});
