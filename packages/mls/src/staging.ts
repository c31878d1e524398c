import type { MemberId } from "@demls/wire/core";
import {
  emptyPskIndex,
  processPrivateMessage,
  verifyLeafNodeSignature,
  type ClientState,
  type Commit,
  type PrivateMessage,
  type Proposal,
  type SecretTree,
} from "./ts-mls.js";
import { receivedAddsFlaw } from "./add-check.js";
import {
  parseHandshake,
  receiveProposals,
  resolveProposals,
  type CandidateFlaw,
} from "./bundled-proposals.js";
import { addedKeyPackages, commitActions, removedLeaves } from "./commit-actions.js";
import type { MlsContext } from "./mls-context.js";
import {
  groupFromState,
  identityAt,
  leafIdentity,
  withSecretTree,
  type MlsGroup,
  type TsMlsGroup,
} from "./mls-group.js";
import { learntKeysMatchTree, treeKeysDistinct } from "./path-keys.js";
import { currentEpochKeys, unprotect, type UnprotectFlaw } from "./private-message.js";

/** A change of the group, as the commit's own proposals have it. */
export type MlsAction =
  | {
      readonly kind: "add";
      readonly member: MemberId;
      /** KeyPackageRef of the key package added, lower-case hex. */
      readonly reference: string;
    }
  | { readonly kind: "remove"; readonly member: MemberId }
  /** Anything that de-MLS doesn't propose: an update, new group context extensions, a custom type… */
  | { readonly kind: "other"; readonly type: string };

/** A commit that has been verified and not adopted: a value to be adopted or dropped. */
export interface StagedCommit {
  /** SHA-256 of the commit message's bytes. */
  readonly hash: Uint8Array;
  /** The epoch it was made in. */
  readonly epoch: bigint;
  /** The authenticator of that epoch, which tells it from an epoch of the same number on a fork. */
  readonly parentAuthenticator: Uint8Array;
  /** Who committed: authenticated. */
  readonly sender: MemberId;
  /**
   * Who signed each bundled proposal, in the order given: authenticated. A proposal that comes twice has one
   * reference and is one: so 3.0.0 sends what was voted in twice.
   */
  readonly proposalSenders: readonly MemberId[];
  /** What the commit does, in its order. */
  readonly actions: readonly MlsAction[];
  /** Whether it removes oneself. Then there is no `next`, and the confirmation tag could not be checked. */
  readonly selfRemoved: boolean;
  /** The group in the next epoch; take it through {@link MlsService.adopt} only. */
  readonly next: MlsGroup | undefined;
}

/** Why a candidate was not staged. */
export type StageFlaw =
  | UnprotectFlaw
  /** A message that is no PrivateMessage, or not a proposal or commit where one belongs. */
  | "malformed"
  | "other-group"
  | "other-epoch"
  /** An Add that OpenMLS receivers refuse. */
  | "invalid-add"
  /** The commit gives its committer another identity. */
  | "identity-changed"
  /** A bundled proposal that the commit doesn't refer to, or a reference to none of them. */
  | "proposals-mismatch"
  /** Authenticated, but not a commit that can be applied: path, confirmation tag, proposals. */
  | "invalid-commit";

/** What became of a candidate. */
export type StageOutcome =
  | { readonly kind: "staged"; readonly staged: StagedCommit }
  | {
      readonly kind: "rejected";
      readonly reason: StageFlaw;
      /** Who sent the part at fault, where that is authenticated. */
      readonly sender?: MemberId;
    };

/** An outcome, and the group to go on from. */
export interface StageResult {
  readonly group: MlsGroup;
  readonly outcome: StageOutcome;
}

/** A commit whose sender is known and whose proposals are resolved, not applied yet. */
interface ReadCommit {
  readonly ok: true;
  readonly message: PrivateMessage;
  readonly commit: Commit;
  readonly sender: MemberId;
  readonly senderLeafIndex: number;
  readonly proposals: readonly Proposal[];
  /** The epoch's ratchets with the commit's generation spent. */
  readonly secretTree: SecretTree;
}

/** See {@link MlsService.stage}. */
export async function stage(
  context: MlsContext,
  group: TsMlsGroup,
  proposals: readonly Uint8Array[],
  commit: Uint8Array,
): Promise<StageResult> {
  const pending = await receiveProposals(context, group, proposals);
  if (!pending.ok) return rejected(group, pending);
  const read = await readCommit(context, group, pending.state, commit);
  if (!read.ok) return rejected(group, read);
  const flaw = await proposalsFlaw(context, group, read);
  if (flaw !== undefined) return rejected(group, { ok: false, reason: flaw, sender: read.sender });

  const selfRemoved = removedLeaves(read.proposals).has(group.state.privatePath.leafIndex);
  const applied = selfRemoved
    ? await checkOwnRemoval(context, pending.state, read)
    : await applyCommit(context, group, pending.state, read);
  if (applied === "invalid")
    return rejected(group, { ok: false, reason: "invalid-commit", sender: read.sender });

  const staged: StagedCommit = {
    hash: await context.suite.hash.digest(commit),
    epoch: group.epoch,
    parentAuthenticator: group.authenticator,
    sender: read.sender,
    proposalSenders: pending.senders,
    actions: await commitActions(context, group.state, read.proposals),
    selfRemoved,
    next: applied,
  };
  return { group: withSecretTree(group, read.secretTree), outcome: { kind: "staged", staged } };
}

function rejected(group: MlsGroup, { reason, sender }: CandidateFlaw): StageResult {
  return { group, outcome: { kind: "rejected", reason, ...(sender === undefined ? {} : { sender }) } };
}

async function readCommit(
  context: MlsContext,
  group: TsMlsGroup,
  state: ClientState,
  bytes: Uint8Array,
): Promise<ReadCommit | CandidateFlaw> {
  const parsed = parseHandshake(group, bytes, "commit");
  if (!parsed.ok) return parsed;
  const { message } = parsed;
  const read = await unprotect(context, currentEpochKeys(state), message, state.privatePath.leafIndex);
  if (!read.ok) return read;
  const { content } = read.content;
  const sender = identityAt(state.ratchetTree, read.leafIndex);
  if (content.contentType !== "commit" || sender === undefined) return { ok: false, reason: "undecryptable" };
  const { commit } = content;
  const proposals = resolveProposals(state, commit);
  if (proposals === undefined) return { ok: false, reason: "proposals-mismatch", sender };
  const { leafIndex: senderLeafIndex, secretTree } = read;
  return { ok: true, message, commit, sender, senderLeafIndex, proposals, secretTree };
}

/**
 * What ts-mls would let pass, or could not tell apart: everything here is known before the commit is
 * applied.
 */
async function proposalsFlaw(
  context: MlsContext,
  group: TsMlsGroup,
  { commit, proposals, sender }: ReadCommit,
): Promise<StageFlaw | undefined> {
  // ts-mls takes an ExternalInit for an external commit, whoever sent it, and then checks no proposals.
  if (proposals.some(({ proposalType }) => proposalType === "external_init" || proposalType === "reinit"))
    return "invalid-commit";
  const leaf = commit.path?.leafNode;
  if (leaf !== undefined && leafIdentity(leaf) !== sender) return "identity-changed";
  const removed = removedLeaves(proposals);
  const flaw = await receivedAddsFlaw(context, addedKeyPackages(proposals), group.state, removed);
  return flaw === undefined ? undefined : "invalid-add";
}

/** The group in the next epoch, as far as ts-mls and what it leaves out agree that there is one. */
async function applyCommit(
  context: MlsContext,
  group: TsMlsGroup,
  state: ClientState,
  { message }: ReadCommit,
): Promise<TsMlsGroup | "invalid"> {
  try {
    const result = await processPrivateMessage(state, message, emptyPskIndex, context.suite);
    if (result.kind !== "newState" || result.newState.groupActiveState.kind !== "active") return "invalid";
    // The past epoch's receive history is put in on adopting: it goes on changing until then.
    const next: ClientState = { ...result.newState, historicalReceiverData: new Map() };
    const known = group.state.privatePath.privateKeys;
    if (!treeKeysDistinct(next) || !(await learntKeysMatchTree(context, next, known))) return "invalid";
    return groupFromState(next) ?? "invalid";
  } catch {
    return "invalid";
  }
}

/**
 * Checks a commit that removes oneself as far as one still can: proposals, and the committer's new leaf.
 *
 * ts-mls is asked to look at it only. Applying fails where an Add of the same commit takes one's leaf
 * over, because then there seems to be a path to follow.
 */
async function checkOwnRemoval(
  context: MlsContext,
  state: ClientState,
  { message, commit, senderLeafIndex }: ReadCommit,
): Promise<undefined | "invalid"> {
  const leaf = commit.path?.leafNode;
  if (leaf === undefined) return "invalid";
  try {
    await processPrivateMessage(state, message, emptyPskIndex, context.suite, () => "reject");
    const { groupId } = state.groupContext;
    const signed = await verifyLeafNodeSignature(leaf, groupId, senderLeafIndex, context.suite.signature);
    return signed ? undefined : "invalid";
  } catch {
    return "invalid";
  }
}
