import { DemlsError, type MemberId } from "@demls/wire/core";
import type { MlsContext } from "../client/mls-context.js";
import { groupFromState, withSecretTree, type MlsGroup, type TsMlsGroup } from "../group/mls-group.js";
import type { AddRejectReason, KeyPackageRejectReason } from "../key-package/key-package.js";
import { leafBinding, renewedExtensions } from "../key-package/leaf-binding.js";
import { examineKeyPackage } from "../key-package/validation.js";
import { leafIdentity, occupiedLeaves } from "../tree/ratchet-tree.js";
import {
  createCommit,
  createProposal,
  encodeMlsMessage,
  type ClientState,
  type CreateCommitOptions,
  type CreateCommitResult,
  type Proposal,
  type SecretTree,
  type Welcome,
} from "../ts-mls.js";
import { addsRejectReason } from "./add-validation.js";
import { addedKeyPackages, commitActions, removedLeaves, renewsKeys } from "./commit-actions.js";
import type { StagedCommit } from "./staged-commit.js";

/** Change to propose. */
export type MlsChange =
  | {
      readonly kind: "add";
      /** In JSON or TLS form. */
      readonly keyPackage: Uint8Array;
    }
  | { readonly kind: "remove"; readonly member: MemberId };

/** Own candidate: a staged commit with the messages to send. */
export interface OwnCandidate extends StagedCommit {
  /** One MLSMessage per change, in order. */
  readonly proposals: readonly Uint8Array[];
  /** MLSMessage. */
  readonly commit: Uint8Array;
  /** MLSMessage for all added members; `undefined` when the candidate adds none. */
  readonly welcome: Uint8Array | undefined;
  /** Always defined: an own candidate never removes its committer. */
  readonly next: MlsGroup;
}

/** Own candidate, and the group to continue with. */
export interface CandidateResult {
  readonly group: MlsGroup;
  readonly candidate: OwnCandidate;
}

/** Settings of {@link MlsService.createCandidate}. */
export interface CandidateOptions {
  /**
   * Data to bind to the commit (RFC 9420 § 6.3.1): everyone can read it, and members verify it with the commit.
   * @default none
   */
  readonly authenticatedData?: Uint8Array;
  /**
   * Identity proof of {@link MlsService.signaturePublicKey}. With it, the own leaf gets that key if it has an earlier one.
   * @default none: the leaf keeps its key
   */
  readonly identityProof?: Uint8Array;
}

const NO_DATA = new Uint8Array(0);

/** See {@link MlsService.createCandidate}. */
export async function createCandidate(
  context: MlsContext,
  group: TsMlsGroup,
  changes: readonly MlsChange[],
  { authenticatedData = NO_DATA, identityProof }: CandidateOptions,
): Promise<CandidateResult> {
  const { suite } = context;
  const wanted = await toProposals(context, group, changes);
  let branch = group.state;
  const proposals: Uint8Array[] = [];
  for (const proposal of wanted) {
    const { newState, message } = await createProposal(branch, false, proposal, suite);
    branch = newState;
    proposals.push(encodeMlsMessage(message));
  }
  const newLeaf = identityProof && leafWithNewKey(context, group, identityProof);
  const withPath = renewsKeys(group);
  const made = await commitPending(context, branch, {
    authenticatedData,
    withPath,
    ...(newLeaf && { newLeaf }),
  });
  const commit = encodeMlsMessage(made.commit);
  const next = groupFromState({ ...made.newState, historicalReceiverData: new Map() });
  if (next === undefined) throw commitFailed();
  const candidate: OwnCandidate = {
    hash: await suite.hash.digest(commit),
    epoch: group.epoch,
    parentEpochAuthenticator: group.epochAuthenticator,
    sender: context.self,
    proposalSenders: wanted.map(() => context.self),
    authenticatedData,
    actions: await commitActions(context, group.state, wanted),
    selfRemoved: false,
    next,
    proposals,
    commit,
    welcome: made.welcome && encodeWelcome(made.welcome),
  };
  return { group: withSecretTree(group, await ratchetsAfterCommit(context, branch)), candidate };
}

/**
 * Ratchets of the old epoch after the commit. ts-mls does not mark the commit's generation as spent.
 *
 * A member that drops the candidate stays in that epoch. Without this, its next handshake message would use the
 * commit's key and nonce. To spend the generation, this function encrypts a proposal that is never sent.
 */
async function ratchetsAfterCommit(context: MlsContext, branch: ClientState): Promise<SecretTree> {
  const { extensions } = branch.groupContext;
  const neverSent: Proposal = {
    proposalType: "group_context_extensions",
    groupContextExtensions: { extensions },
  };
  return (await createProposal(branch, false, neverSent, context.suite)).newState.secretTree;
}

// `consumed` is ignored: it lists secrets of the old state, which stays in use until the candidate is merged, and for
// good if it is dropped. See wipe.ts.
async function commitPending(
  context: MlsContext,
  branch: ClientState,
  options: CreateCommitOptions,
): Promise<CreateCommitResult> {
  try {
    return await createCommit(
      { state: branch, cipherSuite: context.suite },
      { ratchetTreeExtension: true, ...options },
    );
  } catch (error) {
    throw commitFailed(error);
  }
}

/** Own leaf with the service's signature key; `undefined` if it has that key or a later one. */
function leafWithNewKey(
  context: MlsContext,
  group: TsMlsGroup,
  identityProof: Uint8Array,
): CreateCommitOptions["newLeaf"] {
  const { privateKey, publicKey, since } = context.signatureKey;
  const own = occupiedLeaves(group.state).find(({ index }) => index === group.leafIndex);
  if (own === undefined || leafBinding(own.leaf).keySince >= since) return undefined;
  return {
    signaturePrivateKey: privateKey.slice(),
    signaturePublicKey: publicKey,
    extensions: renewedExtensions(context, own.leaf, identityProof),
  };
}

function encodeWelcome(welcome: Welcome): Uint8Array {
  return encodeMlsMessage({ version: "mls10", wireformat: "mls_welcome", welcome });
}

async function toProposals(
  context: MlsContext,
  group: TsMlsGroup,
  changes: readonly MlsChange[],
): Promise<Proposal[]> {
  const removals = changes.flatMap((change) => (change.kind === "remove" ? [change.member] : []));
  if (new Set(removals).size !== removals.length)
    throw new DemlsError("duplicate-removal", {
      message: "Two changes remove the same member.",
      field: "changes",
      remedy: "Leave the second removal out.",
    });
  const staying = group.members.filter((member) => !removals.includes(member));
  const proposals: Proposal[] = [];
  for (const change of changes)
    proposals.push(
      change.kind === "remove"
        ? removal(group, change.member)
        : await addition(context, staying, change.keyPackage),
    );
  const reason = addsRejectReason(addedKeyPackages(proposals), group.state, removedLeaves(proposals));
  if (reason !== undefined) throw invalidKeyPackage(reason);
  return proposals;
}

function removal(group: TsMlsGroup, member: MemberId): Proposal {
  if (member === group.self)
    throw new DemlsError("self-removal", {
      message: "A committer can't remove itself (RFC 9420, section 12.2).",
      field: "changes",
      remedy: "Leave the removal to another member's candidate.",
    });
  const leaf = occupiedLeaves(group.state).find((occupied) => leafIdentity(occupied.leaf) === member);
  if (leaf === undefined)
    throw new DemlsError("not-a-member", {
      message: "The member to remove is not in the group.",
      field: "changes",
      remedy: "Take the id from the group's current members.",
    });
  return { proposalType: "remove", remove: { removed: leaf.index } };
}

async function addition(
  context: MlsContext,
  staying: readonly MemberId[],
  bytes: Uint8Array,
): Promise<Proposal> {
  const found = await examineKeyPackage(context, bytes);
  if (!found.ok) throw invalidKeyPackage(found.reason);
  if (staying.includes(found.identity)) throw invalidKeyPackage("already-member");
  return { proposalType: "add", add: { keyPackage: found.keyPackage } };
}

function invalidKeyPackage(
  reason: KeyPackageRejectReason | AddRejectReason,
): DemlsError<"invalid-key-package"> {
  return new DemlsError("invalid-key-package", {
    message: `A key package can't be added: ${reason}.`,
    field: "changes",
    remedy: "Call canAdd before proposing.",
  });
}

function commitFailed(cause?: unknown): DemlsError<"commit-failed"> {
  return new DemlsError("commit-failed", { message: "The MLS library could not make the commit.", cause });
}
