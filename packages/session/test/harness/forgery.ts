import { partingMember, requestToWire, type ChangeRequest } from "../../src/model/request.js";
import {
  foldProposalId,
  ID_RANDOM_BYTES,
  prepareVote,
  uuidV4,
  withSignature,
  type ConsensusSigner,
} from "@demls/consensus";
import type { MlsChange, OwnCandidate } from "@demls/mls";
import {
  encodeAppMessage,
  encodeConversationUpdateRequest,
  encodeWelcomeMessage,
  type CommitCandidate,
  type EpochRecord,
  type Proposal,
  type Vote,
} from "@demls/wire";
import { hexToBytes, memberIdToBytes, WELCOME_SUBTOPIC, type Packet } from "@demls/wire/core";
import { ownRecord, sealRecord } from "../../src/closing/strict/epoch-record.js";
import type { Environment } from "../../src/model/environment.js";
import { isActive } from "../../src/model/state.js";
import { packetOf } from "./commands.js";
import { groupIdOf } from "./views.js";
import { GARDEN, nowSeconds, type Member, type World } from "./world.js";
import { beginTransaction } from "../../src/model/transaction.js";

/** A proposal of a hostile member: valid, except for `twist`. */
export function forgedProposal(
  world: World,
  from: Member,
  request: ChangeRequest,
  twist: Partial<Proposal> = {},
): Proposal {
  const now = nowSeconds(world);
  const { group, mode } = from.state;
  const members = group?.members ?? [];
  const target = mode === "strict" ? partingMember(request) : undefined;
  return {
    name: uuidV4(from.random.bytes(ID_RANDOM_BYTES)),
    payload: encodeConversationUpdateRequest(requestToWire(request)),
    proposalId: foldProposalId(from.random.bytes(ID_RANDOM_BYTES)),
    proposalOwner: memberIdToBytes(from.id),
    votes: [],
    expectedVotersCount: members.filter((member) => member !== target).length,
    round: 1,
    timestamp: now,
    expirationTimestamp: now + 600n,
    livenessCriteriaYes: target === undefined,
    ...twist,
  };
}

/** A correctly signed vote of any signer. */
export async function signedVote(
  world: World,
  signer: ConsensusSigner,
  proposal: Proposal,
  choice: boolean,
): Promise<Vote> {
  const voteId = foldProposalId(signer.identity.slice(0, ID_RANDOM_BYTES));
  const ballot = { voter: signer.identity, choice, voteId };
  const unsigned = prepareVote(proposal, ballot, nowSeconds(world));
  return withSignature(unsigned, await signer.sign(unsigned.message));
}

/** Encrypted record of a member's epoch, for a commit; undefined in a mode without records. */
export async function recordOf(
  { id, state, plugins, random }: Pick<Member, "id" | "state" | "plugins" | "random">,
  twist: (record: EpochRecord) => EpochRecord = (record) => record,
): Promise<Uint8Array | undefined> {
  if (!isActive(state)) throw new Error("This member is in no group.");
  // Worlds set the platform's date.
  const nowSeconds = BigInt(Math.floor(Date.now() / 1_000));
  const env = { self: id, plugins, random, nowSeconds } as unknown as Environment;
  const tx = beginTransaction(state, env);
  const record = ownRecord(tx);
  return record && sealRecord(tx, twist(record));
}

/** A commit of a member without its session's checks. Consumes its generations. */
export async function forgedCommit(
  from: Member,
  changes: readonly MlsChange[],
  record?: Uint8Array,
): Promise<OwnCandidate> {
  if (from.state.group === undefined) throw new Error(`${from.name} is in no group.`);
  const authenticatedData = record ?? (await recordOf(from));
  const { group, candidate } = await from.mls.createCandidate(from.state.group, changes, {
    ...(authenticatedData && { authenticatedData }),
  });
  from.state = { ...from.state, group };
  return candidate;
}

/** A candidate packet as its author would send it, changed by `twist`. */
export function candidatePacket(
  from: Member,
  { proposals, commit }: Pick<OwnCandidate, "proposals" | "commit">,
  twist: Partial<CommitCandidate> = {},
): Packet {
  const candidate: CommitCandidate = {
    conversationName: hexToBytes(groupIdOf(from)) ?? new Uint8Array(),
    mlsProposals: proposals,
    commitMessage: commit,
    stewardIdentity: memberIdToBytes(from.id),
    ...twist,
  };
  return packetOf(from, encodeAppMessage({ kind: "commit_candidate", candidate }));
}

/** A packet with any key package, on the welcome subtopic. */
export function keyPackagePacket(from: Pick<Member, "appId">, keyPackageBytes: Uint8Array): Packet {
  return {
    payload: encodeWelcomeMessage({ kind: "user_key_package", keyPackageBytes }),
    subtopic: WELCOME_SUBTOPIC,
    conversationId: GARDEN,
    appId: from.appId,
  };
}
