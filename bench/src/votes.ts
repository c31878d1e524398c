import {
  createEthereumSigner,
  createHashgraphConsensus,
  ethereumVerifier,
  prepareVote,
  withSignature,
  type VoteVerifier,
} from "@demls/consensus";
import { createSeededRandom } from "@demls/testkit";
import type { Vote } from "@demls/wire";
import { cpuTimes, type Task } from "./cpu-time.js";
import type { Scenario } from "./measurement.js";
import { wasmVerifier } from "./wasm-verifier.js";

const VOTES = 100;
/** Number of expected voters, too many for a decision, so that each vote is verified. */
const VOTERS = 2 * VOTES;
const NOW_SECONDS = 1_800_000_000n;
const PROPOSAL_ID = 7;

const consensus = createHashgraphConsensus();

/** Processing of 100 signed votes on one proposal. */
export const votes: Scenario = {
  name: "votes",
  async run(effort) {
    const times = await cpuTimes(
      { noble: ingesting(ethereumVerifier), wasm: ingesting(wasmVerifier) },
      effort,
    );
    return [
      { name: "100 votes", unit: "ms", ours: times.noble, aim: { atMost: 160 } },
      {
        name: "100 votes, WASM verifier",
        rustName: "100 votes",
        unit: "ms",
        ours: times.wasm,
        aim: { atMost: 35 },
      },
    ];
  },
};

function ingesting(verifier: VoteVerifier): Task {
  const opened = consensus.open(
    consensus.empty(),
    {
      proposalId: PROPOSAL_ID,
      name: "proposal",
      payload: Uint8Array.of(1),
      owner: new Uint8Array(20).fill(1),
      expectedVoters: VOTERS,
      expirationSeconds: 600n,
    },
    NOW_SECONDS,
  );
  const incoming = Array.from({ length: VOTES }, (_, index): Vote => {
    const signer = createEthereumSigner(createSeededRandom(`voter ${index}`).bytes(32));
    const ballot = { voter: signer.identity, choice: true, voteId: index };
    const unsigned = prepareVote(opened.proposal, ballot, NOW_SECONDS);
    return withSignature(unsigned, signer.sign(unsigned.message));
  });
  return async () => {
    let { state } = opened;
    for (const vote of incoming) {
      const result = await consensus.ingestVote(state, vote, { nowSeconds: NOW_SECONDS, verifier });
      if (result.kind === "rejected") throw new Error(`A vote was rejected: ${result.code}`);
      state = result.state;
    }
  };
}
