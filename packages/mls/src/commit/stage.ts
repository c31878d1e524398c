import type { MemberId } from "@demls/wire/core";
import type { MlsContext } from "../client/mls-context.js";
import { currentEpochKeys, unprotect } from "../framing/private-message.js";
import { groupFromState, withSecretTree, type MlsGroup, type TsMlsGroup } from "../group/mls-group.js";
import { treeKeysDistinct } from "../tree/distinct-keys.js";
import { learntKeysMatchTree } from "../tree/path-keys.js";
import { identityAt, leafIdentity } from "../tree/ratchet-tree.js";
import {
  emptyPskIndex,
  processPrivateMessage,
  verifyLeafNodeSignature,
  type ClientState,
  type Commit,
  type PrivateMessage,
  type Proposal,
  type SecretTree,
} from "../ts-mls.js";
import { receivedAddsRejectReason } from "./add-validation.js";
import {
  parseHandshake,
  receiveProposals,
  resolveProposals,
  type CandidateRejection,
} from "./bundled-proposals.js";
import { addedKeyPackages, commitActions, removedLeaves, renewsKeys } from "./commit-actions.js";
import type { StagedCommit, StageRejectReason, StageResult } from "./staged-commit.js";

/** Commit with an authenticated sender and resolved proposals, not yet applied. */
interface ReadCommit {
  readonly ok: true;
  readonly message: PrivateMessage;
  readonly commit: Commit;
  readonly sender: MemberId;
  readonly senderLeafIndex: number;
  readonly proposals: readonly Proposal[];
  /** Ratchets of the epoch, with the commit's generation spent. */
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
  // Of a later life of this state: it cannot be staged here, but its generations are spent.
  if (read.senderLeafIndex === group.state.privatePath.leafIndex)
    return rejected(withSecretTree(group, read.secretTree), { ok: false, reason: "own-message" });
  const reason = await proposalsRejectReason(context, group, read);
  if (reason !== undefined) return rejected(group, { ok: false, reason, sender: read.sender });

  const selfRemoved = removedLeaves(read.proposals).has(group.state.privatePath.leafIndex);
  const applied = selfRemoved
    ? await checkOwnRemoval(context, pending.state, read)
    : await applyCommit(context, group, pending.state, read);
  if (applied === "invalid")
    return rejected(group, { ok: false, reason: "invalid-commit", sender: read.sender });

  const staged: StagedCommit = {
    hash: await context.suite.hash.digest(commit),
    epoch: group.epoch,
    parentEpochAuthenticator: group.epochAuthenticator,
    sender: read.sender,
    proposalSenders: pending.senders,
    authenticatedData: read.message.authenticatedData,
    actions: await commitActions(context, group.state, read.proposals),
    selfRemoved,
    next: applied,
  };
  return { group: withSecretTree(group, read.secretTree), outcome: { kind: "staged", staged } };
}

function rejected(group: MlsGroup, { reason, sender }: CandidateRejection): StageResult {
  return { group, outcome: { kind: "rejected", reason, ...(sender === undefined ? {} : { sender }) } };
}

async function readCommit(
  context: MlsContext,
  group: TsMlsGroup,
  state: ClientState,
  bytes: Uint8Array,
): Promise<ReadCommit | CandidateRejection> {
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
 * Checks that ts-mls omits, or that fail there without a distinct reason. All of them run before the commit is applied.
 */
async function proposalsRejectReason(
  context: MlsContext,
  group: TsMlsGroup,
  { commit, proposals, sender }: ReadCommit,
): Promise<StageRejectReason | undefined> {
  // ts-mls treats a commit with an ExternalInit as an external commit, even from a member, and then skips all checks of
  // proposals.
  if (proposals.some(({ proposalType }) => proposalType === "external_init" || proposalType === "reinit"))
    return "invalid-commit";
  const leaf = commit.path?.leafNode;
  if (leaf === undefined && renewsKeys(group)) return "invalid-commit";
  if (leaf !== undefined && leafIdentity(leaf) !== sender) return "identity-changed";
  const removed = removedLeaves(proposals);
  const reason = await receivedAddsRejectReason(context, addedKeyPackages(proposals), group.state, removed);
  return reason === undefined ? undefined : "invalid-add";
}

/** The group in the next epoch, if ts-mls and the checks that it omits accept the commit. */
async function applyCommit(
  context: MlsContext,
  group: TsMlsGroup,
  state: ClientState,
  { message }: ReadCommit,
): Promise<TsMlsGroup | "invalid"> {
  try {
    const result = await processPrivateMessage(state, message, emptyPskIndex, context.suite);
    if (result.kind !== "newState" || result.newState.groupActiveState.kind !== "active") return "invalid";
    // Merging adds the past epoch's receive history, which changes until then.
    const next: ClientState = { ...result.newState, historicalReceiverData: new Map() };
    const known = group.state.privatePath.privateKeys;
    if (!treeKeysDistinct(next) || !(await learntKeysMatchTree(context, next, known))) return "invalid";
    return groupFromState(next) ?? "invalid";
  } catch {
    return "invalid";
  }
}

/**
 * Checks a commit that removes this member as far as possible: its proposals and the committer's new leaf.
 *
 * The commit is not applied. Applying fails when an Add of the same commit reuses this member's leaf, because ts-mls
 * then expects an update path for it.
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
