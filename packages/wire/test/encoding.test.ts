import { describe, expect, it } from "vitest";
import {
  bytesToHex,
  type ConversationSync,
  decodeAppMessage,
  decodeVote,
  encodeAppMessage,
  encodeConversationUpdateRequest,
  encodeProposal,
  encodeRepairMessage,
  encodeSignedRepairMessage,
  encodeVote,
  type GenerationRange,
  type Proposal,
  type RepairMessage,
  type SignedRepairMessage,
  type Vote,
} from "../src/index.js";

const none = new Uint8Array(0);

const emptyVote: Vote = {
  voteId: 0,
  voteOwner: none,
  proposalId: 0,
  timestamp: 0n,
  vote: false,
  parentHash: none,
  receivedHash: none,
  voteHash: none,
  signature: none,
};

const emptyProposal: Proposal = {
  name: "",
  payload: none,
  proposalId: 0,
  proposalOwner: none,
  votes: [],
  expectedVotersCount: 0,
  round: 0,
  timestamp: 0n,
  expirationTimestamp: 0n,
  livenessCriteriaYes: false,
};

const emptySync: ConversationSync = {
  stewardMembers: [],
  electionEpoch: 0n,
  snMin: 0,
  snMax: 0,
  allowSubsetCandidates: false,
  peerScores: [],
  timing: undefined,
  retryRound: 0,
  maxReelectionAttempts: 0,
  livenessCriteriaYes: false,
  thresholdPeerScore: 0n,
  pendingUpdateMaxEpochs: 0,
};

const emptyTiming = {
  commitInactivityDurationMs: 0n,
  freezeDurationMs: 0n,
  proposalExpirationMs: 0n,
  consensusTimeoutMs: 0n,
  recoveryInactivityDurationMs: 0n,
};

function encodeSync(changes: Partial<ConversationSync>): Uint8Array {
  return encodeAppMessage({ kind: "conversation_sync", sync: { ...emptySync, ...changes } });
}

function encodeEvidence(changes: { violationType?: number; epoch?: bigint }): Uint8Array {
  const evidence = {
    violationType: 0,
    targetMemberId: none,
    evidencePayload: none,
    epoch: 0n,
    creatorMemberId: none,
    ...changes,
  };
  return encodeConversationUpdateRequest({ kind: "emergency_criteria", evidence });
}

function encodeElection(electionEpoch: bigint, retryRound: number): Uint8Array {
  return encodeConversationUpdateRequest({
    kind: "steward_election",
    proposedStewards: [],
    electionEpoch,
    retryRound,
  });
}

type Report = Extract<RepairMessage, { kind: "progress" }>;

function encodeReport(changes: Partial<Report>): Uint8Array {
  return encodeRepairMessage({
    kind: "progress",
    ...{ next: [], missing: [], candidates: [], voids: [], asks: false, nonce: none, timestamp: 0n },
    chosen: [],
    ...changes,
  });
}

function encodeSigned(changes: Partial<SignedRepairMessage>): Uint8Array {
  return encodeSignedRepairMessage({
    ...{ body: none, leafIndex: 0, signature: none, laterKey: undefined },
    ...changes,
  });
}

function encodeMissing(changes: Partial<GenerationRange>): Uint8Array {
  return encodeReport({ missing: [{ position: 0, from: 0, count: 0, ...changes }] });
}

function throwing(code: string, field: string): Error {
  return expect.objectContaining({ name: "DemlsError", code, field }) as Error;
}

describe("an integer that does not fit its field is rejected with its name", () => {
  const tooBig32 = 2 ** 32;
  const tooBig64 = 2n ** 64n;

  it.each<[string, () => Uint8Array]>([
    ["vote.voteId", () => encodeVote({ ...emptyVote, voteId: -1 })],
    ["vote.proposalId", () => encodeVote({ ...emptyVote, proposalId: 1.5 })],
    ["vote.timestamp", () => encodeVote({ ...emptyVote, timestamp: -1n })],
    ["proposal.proposalId", () => encodeProposal({ ...emptyProposal, proposalId: tooBig32 })],
    [
      "proposal.expectedVotersCount",
      () => encodeProposal({ ...emptyProposal, expectedVotersCount: Number.NaN }),
    ],
    ["proposal.round", () => encodeProposal({ ...emptyProposal, round: Number.POSITIVE_INFINITY })],
    ["proposal.timestamp", () => encodeProposal({ ...emptyProposal, timestamp: tooBig64 })],
    [
      "proposal.expirationTimestamp",
      () => encodeProposal({ ...emptyProposal, expirationTimestamp: tooBig64 }),
    ],
    ["vote.voteId", () => encodeProposal({ ...emptyProposal, votes: [{ ...emptyVote, voteId: tooBig32 }] })],
    [
      "proposalId",
      () => encodeAppMessage({ kind: "user_vote", proposalId: -1, vote: true, conversationName: "" }),
    ],
    [
      "timestamp",
      () =>
        encodeAppMessage({
          kind: "vote_payload",
          conversationId: "",
          proposalId: 0,
          payload: none,
          timestamp: tooBig64,
        }),
    ],
    ["evidence.violationType", () => encodeEvidence({ violationType: 2 ** 31 })],
    ["evidence.epoch", () => encodeEvidence({ epoch: -1n })],
    ["request.electionEpoch", () => encodeElection(tooBig64, 0)],
    ["request.retryRound", () => encodeElection(0n, tooBig32)],
    ["sync.electionEpoch", () => encodeSync({ electionEpoch: tooBig64 })],
    ["sync.snMin", () => encodeSync({ snMin: tooBig32 })],
    ["sync.snMax", () => encodeSync({ snMax: tooBig32 })],
    ["sync.retryRound", () => encodeSync({ retryRound: -1 })],
    ["sync.maxReelectionAttempts", () => encodeSync({ maxReelectionAttempts: tooBig32 })],
    ["sync.pendingUpdateMaxEpochs", () => encodeSync({ pendingUpdateMaxEpochs: 0.5 })],
    ["sync.thresholdPeerScore", () => encodeSync({ thresholdPeerScore: 2n ** 63n })],
    [
      "sync.peerScores.score",
      () => encodeSync({ peerScores: [{ memberId: none, score: -(2n ** 63n) - 1n }] }),
    ],
    ["leafIndex", () => encodeSigned({ leafIndex: tooBig32 })],
    ["since", () => encodeSigned({ laterKey: { signatureKey: none, since: tooBig64, identityProof: none } })],
    ["next", () => encodeReport({ next: [0, -1] })],
    ["position", () => encodeMissing({ position: 0.5 })],
    ["from", () => encodeMissing({ from: tooBig32 })],
    ["count", () => encodeReport({ voids: [{ position: 0, from: 0, count: -1 }] })],
    ["timestamp", () => encodeReport({ timestamp: tooBig64 })],
    [
      "epoch",
      () =>
        encodeRepairMessage({
          ...{ kind: "served", nonce: none, packets: [], more: false },
          epoch: -1n,
          ...{ choices: [], voids: [] },
        }),
    ],
    [
      "sentAtMs",
      () =>
        encodeAppMessage({
          kind: "conversation_message",
          message: none,
          sender: "",
          conversationName: "",
          sentAtMs: tooBig64,
        }),
    ],
    ["sync.timing.freezeDurationMs", () => encodeSync({ timing: { ...emptyTiming, freezeDurationMs: -1n } })],
  ])("%s", (field, encode) => {
    expect(encode).toThrowError(throwing("value-out-of-range", field));
  });
});

describe("text with a lone surrogate is rejected with its name", () => {
  const half = "\ud83d";

  it.each<[string, () => Uint8Array]>([
    ["proposal.name", () => encodeProposal({ ...emptyProposal, name: half })],
    [
      "sender",
      () =>
        encodeAppMessage({ kind: "conversation_message", message: none, sender: half, conversationName: "" }),
    ],
    [
      "conversationName",
      () => encodeAppMessage({ kind: "ban_request", userToBan: none, conversationName: `a${half}b` }),
    ],
    [
      "conversationId",
      () => encodeAppMessage({ kind: "proposal_added", conversationId: half, request: undefined }),
    ],
  ])("%s", (field, encode) => {
    expect(encode).toThrowError(throwing("invalid-text", field));
  });
});

describe("an encoding", () => {
  it("leaves out proto3 defaults", () => {
    expect(bytesToHex(encodeVote(emptyVote))).toBe("");
    expect(bytesToHex(encodeProposal(emptyProposal))).toBe("");
  });

  it("leaves out an empty id and a zero time of a chat message, which are decoded as absent", () => {
    const message = {
      kind: "conversation_message",
      message: none,
      sender: "",
      conversationName: "",
    } as const;
    const encoded = encodeAppMessage({ ...message, id: none, sentAtMs: 0n });
    expect(bytesToHex(encoded)).toBe("0a00");
    expect(decodeAppMessage(encoded)).toStrictEqual({ ok: true, value: message });
  });

  it("keeps a oneof member that has only defaults", () => {
    expect(bytesToHex(encodeAppMessage({ kind: "vote", vote: emptyVote }))).toBe("2200");
    expect(bytesToHex(encodeSync({ timing: emptyTiming }))).toBe("4a023a00");
  });

  it("is empty for no message", () => {
    expect(encodeAppMessage({ kind: "empty" })).toStrictEqual(new Uint8Array(0));
    expect(encodeConversationUpdateRequest({ kind: "empty" })).toStrictEqual(new Uint8Array(0));
  });

  it("is a plain array with memory of its own", () => {
    const bytes = encodeVote({ ...emptyVote, vote: true });
    expect(Object.getPrototypeOf(bytes)).toBe(Uint8Array.prototype);
    expect(bytes.buffer.byteLength).toBe(bytes.length);
  });

  it.each([2n ** 53n + 1n, 2n ** 63n, 2n ** 64n - 1n])("keeps every bit of the timestamp %d", (timestamp) => {
    const decoded = decodeVote(encodeVote({ ...emptyVote, timestamp }));
    expect(decoded).toStrictEqual({ ok: true, value: { ...emptyVote, timestamp } });
  });
});
