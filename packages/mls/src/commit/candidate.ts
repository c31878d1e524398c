import { DemlsError, type MemberId } from "@demls/wire/core";
import type { MlsContext } from "../client/mls-context.js";
import { groupFromState, withSecretTree, type MlsGroup, type TsMlsGroup } from "../group/mls-group.js";
import type { AddRejectReason, KeyPackageRejectReason } from "../key-package/key-package.js";
import { examineKeyPackage } from "../key-package/validation.js";
import { leafIdentity, occupiedLeaves } from "../tree/ratchet-tree.js";
import {
  createCommit,
  createProposal,
  encodeMlsMessage,
  type ClientState,
  type CreateCommitResult,
  type Proposal,
  type SecretTree,
  type Welcome,
} from "../ts-mls.js";
import { addsRejectReason } from "./add-validation.js";
import { addedKeyPackages, commitActions, removedLeaves } from "./commit-actions.js";
import type { StagedCommit } from "./staged-commit.js";

/** A change to propose. */
export type MlsChange =
  | {
      readonly kind: "add";
      /** In either form. */
      readonly keyPackage: Uint8Array;
    }
  | { readonly kind: "remove"; readonly member: MemberId };

/** A candidate of one's own: a staged commit, with what travels. */
export interface OwnCandidate extends StagedCommit {
  /** MLSMessages, one for each change, in order. */
  readonly proposals: readonly Uint8Array[];
  /** MLSMessage. */
  readonly commit: Uint8Array;
  /** MLSMessage for everyone added; `undefined` where nobody is. */
  readonly welcome: Uint8Array | undefined;
  /** One's own candidate never removes oneself, so there is always a next epoch. */
  readonly next: MlsGroup;
}

/** A candidate, and the group to go on from. */
export interface CandidateResult {
  readonly group: MlsGroup;
  readonly candidate: OwnCandidate;
}

/** See {@link MlsService.createCandidate}. */
export async function createCandidate(
  context: MlsContext,
  group: TsMlsGroup,
  changes: readonly MlsChange[],
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
  const made = await commitPending(context, branch);
  const commit = encodeMlsMessage(made.commit);
  const next = groupFromState({ ...made.newState, historicalReceiverData: new Map() });
  if (next === undefined) throw commitFailed();
  const candidate: OwnCandidate = {
    hash: await suite.hash.digest(commit),
    epoch: group.epoch,
    parentEpochAuthenticator: group.epochAuthenticator,
    sender: context.self,
    proposalSenders: wanted.map(() => context.self),
    actions: await commitActions(context, group.state, wanted),
    selfRemoved: false,
    next,
    proposals,
    commit,
    welcome: made.welcome && encodeWelcome(made.welcome),
  };
  return { group: withSecretTree(group, await ratchetsAfterCommit(context, branch, wanted)), candidate };
}

/**
 * The old epoch's ratchets after the commit, whose generation ts-mls doesn't report as spent.
 *
 * Who drops the candidate stays in that epoch, and would seal the next handshake message with the
 * commit's key and nonce. A proposal that nobody ever sees spends the same generation.
 */
async function ratchetsAfterCommit(
  context: MlsContext,
  branch: ClientState,
  [proposal]: readonly Proposal[],
): Promise<SecretTree> {
  if (proposal === undefined) throw commitFailed();
  return (await createProposal(branch, false, proposal, context.suite)).newState.secretTree;
}

// `consumed` is left alone: it names secrets of the old state, which is in use until the candidate is
// merged, and for ever if it isn't. See wipe.ts.
async function commitPending(context: MlsContext, branch: ClientState): Promise<CreateCommitResult> {
  try {
    return await createCommit({ state: branch, cipherSuite: context.suite }, { ratchetTreeExtension: true });
  } catch (error) {
    throw commitFailed(error);
  }
}

function encodeWelcome(welcome: Welcome): Uint8Array {
  return encodeMlsMessage({ version: "mls10", wireformat: "mls_welcome", welcome });
}

async function toProposals(
  context: MlsContext,
  group: TsMlsGroup,
  changes: readonly MlsChange[],
): Promise<Proposal[]> {
  if (changes.length === 0)
    throw new DemlsError("no-changes", {
      message: "A candidate needs at least one change.",
      field: "changes",
      remedy: "Propose only where there is something to change.",
    });
  const removals = changes.flatMap((change) => (change.kind === "remove" ? [change.member] : []));
  if (new Set(removals).size !== removals.length)
    throw new DemlsError("duplicate-removal", {
      message: "A member is to be removed twice.",
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
      remedy: "Take the id from the group's members, and leave out whoever is gone.",
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
    remedy: "Ask canAdd before proposing.",
  });
}

function commitFailed(cause?: unknown): DemlsError<"commit-failed"> {
  return new DemlsError("commit-failed", { message: "The MLS library could not make the commit.", cause });
}
