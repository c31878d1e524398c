import type { ConsensusSession, ConsensusStorage } from "@demls/consensus/service";
import type { Vote } from "@demls/wire";

/** Creates an empty storage under test. Each call returns another one. */
export type CreateConsensusStorage = () => ConsensusStorage | Promise<ConsensusStorage>;

/** Reopens a storage's contents as after a restart, without using anything in memory. */
export type ReopenConsensusStorage = (
  storage: ConsensusStorage,
) => ConsensusStorage | Promise<ConsensusStorage>;

/** Sample session. Its contents depend only on its id. */
export function sampleSession(proposalId: number): ConsensusSession {
  return {
    hashgraph: {
      proposal: {
        name: `proposal ${proposalId} 🌱`,
        payload: Uint8Array.of(proposalId % 256, 0, 255),
        proposalId,
        proposalOwner: new Uint8Array(20).fill(proposalId % 256),
        votes: [sampleVote(proposalId, true), sampleVote(proposalId, false)],
        expectedVotersCount: 5,
        round: 3,
        timestamp: 2n ** 63n + BigInt(proposalId),
        expirationTimestamp: 2n ** 64n - 1n,
        livenessCriteriaYes: proposalId % 2 === 0,
      },
      state: (["active", "yes", "no", "failed"] as const)[proposalId % 4] ?? "active",
      threshold: 2 / 3,
      maxRounds: 0,
      networkType: "p2p",
      rule: "majority",
    },
    createdAtSeconds: 2n ** 60n + BigInt(proposalId),
    timeoutMs: 600_000.5,
  };
}

function sampleVote(proposalId: number, choice: boolean): Vote {
  return {
    voteId: choice ? 1 : 0xffff_ffff,
    voteOwner: new Uint8Array(20).fill(choice ? 1 : 2),
    proposalId,
    timestamp: 2n ** 63n,
    vote: choice,
    parentHash: new Uint8Array(),
    receivedHash: new Uint8Array(32).fill(3),
    voteHash: new Uint8Array(32).fill(4),
    signature: new Uint8Array(65).fill(5),
  };
}

/** Appends a session to its scope. */
export function keep(storage: ConsensusStorage, scope: string, session: ConsensusSession): Promise<void> {
  return storage.update(scope, (sessions) => ({ sessions: [...sessions, session], result: undefined }));
}

/** Proposal ids of a scope, in its order. */
export async function idsOf(storage: ConsensusStorage, scope: string): Promise<readonly number[]> {
  return (await storage.sessions(scope)).map(({ hashgraph }) => hashgraph.proposal.proposalId);
}

/** Names that a storage could confuse. */
export const SCOPES: readonly string[] = [
  ..."|a|b|a/b|A| |%|__proto__|constructor|gärten/🌱|../a".split("|"),
  "long".repeat(500),
];
