import fc from "fast-check";
import type {
  AppMessage,
  BanMemory,
  CommitCandidate,
  ConversationSync,
  ConversationUpdateRequest,
  GenerationRange,
  InvitationState,
  Proposal,
  RepairMessage,
  RepairPacket,
  SignedRepairMessage,
  TimingConfig,
  ViolationEvidence,
  Vote,
  WelcomeMessage,
} from "../src/index.js";

const bytes = fc.uint8Array({ maxLength: 80 });
/** Empty ones are not sent. */
const redemption = fc.uint8Array({ minLength: 1, maxLength: 80 });
/** Any text without lone surrogates. Some is long, since protobufjs writes long strings in another way. */
const text = fc.string({ unit: "binary", maxLength: 150 });
const uint32 = fc.oneof(fc.nat(3), fc.integer({ min: 0, max: 2 ** 32 - 1 }));
const uint64 = fc.oneof(fc.bigInt(0n, 3n), fc.bigInt(0n, 2n ** 64n - 1n));
const int64 = fc.oneof(fc.bigInt(-3n, 3n), fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n));
const int32 = fc.oneof(fc.integer({ min: -1, max: 6 }), fc.integer());

export const arbitraryVote: fc.Arbitrary<Vote> = fc.record({
  voteId: uint32,
  voteOwner: bytes,
  proposalId: uint32,
  timestamp: uint64,
  vote: fc.boolean(),
  parentHash: bytes,
  receivedHash: bytes,
  voteHash: bytes,
  signature: bytes,
});

export const arbitraryProposal: fc.Arbitrary<Proposal> = fc.record({
  name: text,
  payload: bytes,
  proposalId: uint32,
  proposalOwner: bytes,
  votes: fc.array(arbitraryVote, { maxLength: 4 }),
  expectedVotersCount: uint32,
  round: uint32,
  timestamp: uint64,
  expirationTimestamp: uint64,
  livenessCriteriaYes: fc.boolean(),
});

const evidence: fc.Arbitrary<ViolationEvidence> = fc.record({
  violationType: int32,
  targetMemberId: bytes,
  evidencePayload: bytes,
  epoch: uint64,
  creatorMemberId: bytes,
});

export const arbitraryUpdateRequest: fc.Arbitrary<ConversationUpdateRequest> = fc.oneof(
  fc.record(
    { kind: fc.constant("invite_member"), keyPackageBytes: bytes, identity: bytes, redemption },
    { requiredKeys: ["kind", "keyPackageBytes", "identity"] },
  ),
  fc.record({ kind: fc.constant("remove_member"), identity: bytes }),
  fc.record({ kind: fc.constant("emergency_criteria"), evidence: fc.option(evidence, { nil: undefined }) }),
  fc.record({
    kind: fc.constant("steward_election"),
    proposedStewards: fc.array(bytes, { maxLength: 5 }),
    electionEpoch: uint64,
    retryRound: uint32,
  }),
  fc.record({ kind: fc.constant("empty") }),
);

const timing: fc.Arbitrary<TimingConfig> = fc.record({
  commitInactivityDurationMs: uint64,
  freezeDurationMs: uint64,
  proposalExpirationMs: uint64,
  consensusTimeoutMs: uint64,
  recoveryInactivityDurationMs: uint64,
});

const banMemory: fc.Arbitrary<BanMemory> = fc.record({
  memoryMs: uint64,
  bans: fc.array(fc.record({ member: bytes, epoch: uint64, until: uint64, lifted: fc.boolean() }), {
    maxLength: 5,
  }),
});

const invitation: fc.Arbitrary<InvitationState> = fc.record({
  inviter: bytes,
  id: bytes,
  expiresAt: uint64,
  uses: uint32,
  revoked: fc.boolean(),
  memberKey: bytes,
});

const syncOfReference = fc.record({
  stewardMembers: fc.array(bytes, { maxLength: 5 }),
  electionEpoch: uint64,
  snMin: uint32,
  snMax: uint32,
  allowSubsetCandidates: fc.boolean(),
  peerScores: fc.array(fc.record({ memberId: bytes, score: int64 }), { maxLength: 5 }),
  timing: fc.option(timing, { nil: undefined }),
  retryRound: uint32,
  maxReelectionAttempts: uint32,
  livenessCriteriaYes: fc.boolean(),
  thresholdPeerScore: int64,
  pendingUpdateMaxEpochs: uint32,
});

const sync: fc.Arbitrary<ConversationSync> = fc.oneof(
  syncOfReference,
  fc
    .tuple(syncOfReference, banMemory, fc.array(invitation, { minLength: 1, maxLength: 3 }))
    .map(([fields, bans, invitations]) => ({ ...fields, banMemory: bans, invitations })),
);

const candidate: fc.Arbitrary<CommitCandidate> = fc.record({
  conversationName: bytes,
  mlsProposals: fc.array(bytes, { maxLength: 5 }),
  commitMessage: bytes,
  stewardIdentity: bytes,
});

export const arbitraryAppMessage: fc.Arbitrary<AppMessage> = fc.oneof(
  fc.record(
    {
      kind: fc.constant("conversation_message"),
      message: bytes,
      sender: text,
      conversationName: text,
      id: fc.uint8Array({ minLength: 1, maxLength: 20 }),
      sentAtMs: fc.oneof(fc.bigInt(1n, 3n), fc.bigInt(1n, 2n ** 64n - 1n)),
    },
    { requiredKeys: ["kind", "message", "sender", "conversationName"] },
  ),
  fc.record({ kind: fc.constant("ban_request"), userToBan: bytes, conversationName: text }),
  fc.record({ kind: fc.constant("unban"), member: bytes }),
  fc.record(
    {
      kind: fc.constant("invitation_notice"),
      ...{ id: bytes, expiresAt: uint64, revoked: fc.boolean(), memberKey: bytes },
      deputies: fc.uint8Array({ minLength: 1, maxLength: 20 }),
    },
    { requiredKeys: ["kind", "id", "expiresAt", "revoked", "memberKey"] },
  ),
  fc.record({ kind: fc.constant("proposal"), proposal: arbitraryProposal }),
  fc.record({ kind: fc.constant("vote"), vote: arbitraryVote }),
  fc.record({
    kind: fc.constant("vote_payload"),
    conversationId: text,
    proposalId: uint32,
    payload: bytes,
    timestamp: uint64,
  }),
  fc.record({
    kind: fc.constant("user_vote"),
    proposalId: uint32,
    vote: fc.boolean(),
    conversationName: text,
  }),
  fc.record({
    kind: fc.constant("proposal_added"),
    conversationId: text,
    request: fc.option(arbitraryUpdateRequest, { nil: undefined }),
  }),
  fc.record({ kind: fc.constant("commit_candidate"), candidate }),
  fc.record({ kind: fc.constant("conversation_sync"), sync }),
  fc.record({ kind: fc.constant("empty") }),
);

const groupId = fc.uint8Array({ minLength: 1, maxLength: 20 });

export const arbitraryWelcomeMessage: fc.Arbitrary<WelcomeMessage> = fc.oneof(
  fc.record(
    { kind: fc.constant("user_key_package"), keyPackageBytes: bytes, groupId, redemption },
    { requiredKeys: ["kind", "keyPackageBytes"] },
  ),
  fc.record(
    { kind: fc.constant("invitation_to_join"), mlsMessageOutBytes: bytes, groupId },
    { requiredKeys: ["kind", "mlsMessageOutBytes"] },
  ),
  fc.record(
    { kind: fc.constant("leaf_notice"), identity: bytes, admission: bytes, groupId },
    { requiredKeys: ["kind", "identity", "admission"] },
  ),
  fc.record(
    { kind: fc.constant("group_confirmation"), confirmation: bytes, groupId },
    { requiredKeys: ["kind", "confirmation"] },
  ),
  fc.record({ kind: fc.constant("empty") }),
);

const range: fc.Arbitrary<GenerationRange> = fc.record({ position: uint32, from: uint32, count: uint32 });
const ranges = fc.array(range, { maxLength: 4 });

export const arbitraryRepairPacket: fc.Arbitrary<RepairPacket> = fc.record({
  keyId: bytes,
  nonce: bytes,
  sealed: bytes,
});

export const arbitrarySignedRepairMessage: fc.Arbitrary<SignedRepairMessage> = fc.record({
  body: bytes,
  leafIndex: uint32,
  signature: bytes,
  laterKey: fc.option(fc.record({ signatureKey: bytes, since: uint64, identityProof: bytes }), {
    nil: undefined,
  }),
});

export const arbitraryRepairMessage: fc.Arbitrary<RepairMessage> = fc.oneof(
  fc.record({
    kind: fc.constant("progress"),
    next: fc.array(uint32, { maxLength: 5 }),
    missing: ranges,
    candidates: fc.array(bytes, { maxLength: 3 }),
    voids: ranges,
    asks: fc.boolean(),
    nonce: bytes,
    timestamp: uint64,
    chosen: fc.array(fc.record({ commit: bytes, choosers: bytes }), { maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constant("served"),
    nonce: bytes,
    packets: fc.array(bytes, { maxLength: 4 }),
    more: fc.boolean(),
    epoch: uint64,
    choices: fc.array(bytes, { maxLength: 4 }),
    voids: ranges,
  }),
  fc.record({ kind: fc.constant("choice"), commitHash: bytes }),
  fc.record({ kind: fc.constant("moved") }),
  fc.record({ kind: fc.constant("empty") }),
);
