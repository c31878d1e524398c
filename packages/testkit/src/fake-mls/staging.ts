import type { StageRejectReason, StagedCommit, StageResult } from "@demls/mls";
import { bytesToUtf8, type MemberId } from "@demls/wire/core";
import { sha256 } from "./sha256.js";
import { actionsOf, addsRejectReason, decodeChange, proposalReference, type Change } from "./changes.js";
import type { FakeContext } from "./context.js";
import { decodeFields } from "./fields.js";
import { withCurrent, type Epoch, type FakeGroup, type Leaf, type Leaves } from "./group.js";
import { nextGroup } from "./next-group.js";
import { parseSealedMessage, unseal, type ContentKind } from "./sealed-message.js";

interface Rejection {
  readonly ok: false;
  readonly reason: StageRejectReason;
  readonly sender?: MemberId;
}

/** Authenticated handshake message. */
interface Handshake {
  readonly ok: true;
  readonly body: Uint8Array;
  readonly leaf: number;
  readonly sender: MemberId;
  /** The epoch with its generation spent. */
  readonly epoch: Epoch;
}

interface BundledProposals {
  readonly ok: true;
  /** The proposals by reference, without duplicates, in the given order. */
  readonly byReference: ReadonlyMap<string, Handshake>;
  readonly epoch: Epoch;
}

/** See `MlsService.stage`. */
export function stage(
  context: FakeContext,
  group: FakeGroup,
  proposals: readonly Uint8Array[],
  commit: Uint8Array,
): StageResult {
  const bundled = readProposals(group, proposals);
  if (!bundled.ok) return rejected(group, bundled);
  const read = readHandshake(group, bundled.epoch, commit, "commit");
  if (!read.ok) return rejected(group, read);
  if (read.leaf === group.state.ownLeaf)
    return rejected(withCurrent(group, read.epoch), { ok: false, reason: "own-message" });
  const { sender } = read;
  const changes = committedChanges(context, bundled, read);
  if (typeof changes === "string") return rejected(group, { ok: false, reason: changes, sender });
  const applied = apply(group, changes, read);
  if (typeof applied === "string") return rejected(group, { ok: false, reason: applied, sender });
  const staged: StagedCommit = {
    hash: sha256(commit),
    epoch: group.epoch,
    parentEpochAuthenticator: group.epochAuthenticator,
    sender,
    authenticatedData: decodeFields(read.body)?.[1] ?? new Uint8Array(0),
    proposalSenders: [...bundled.byReference.values()].map((proposal) => proposal.sender),
    actions: actionsOf(group.state.current.leaves, changes),
    selfRemoved: applied.next === undefined,
    next: applied.next,
  };
  return { group: withCurrent(group, read.epoch), outcome: { kind: "staged", staged } };
}

function rejected(group: FakeGroup, { reason, sender }: Rejection): StageResult {
  return { group, outcome: { kind: "rejected", reason, ...(sender === undefined ? {} : { sender }) } };
}

function readProposals(group: FakeGroup, proposals: readonly Uint8Array[]): BundledProposals | Rejection {
  const byReference = new Map<string, Handshake>();
  let epoch = group.state.current;
  for (const bytes of proposals) {
    const read = readHandshake(group, epoch, bytes, "proposal");
    if (!read.ok) return read;
    ({ epoch } = read);
    byReference.set(proposalReference(read.leaf, read.body), read);
  }
  return { ok: true, byReference, epoch };
}

function readHandshake(
  group: FakeGroup,
  epoch: Epoch,
  bytes: Uint8Array,
  kind: ContentKind,
): Handshake | Rejection {
  const message = parseSealedMessage(bytes);
  if (message?.kind !== kind) return { ok: false, reason: "malformed" };
  if (message.groupId !== group.groupId) return { ok: false, reason: "other-group" };
  if (message.epoch !== group.epoch) return { ok: false, reason: "other-epoch" };
  const read = unseal(epoch, message, group.state.ownLeaf);
  if (!read.ok) return read;
  const { leaf, body } = message;
  const sender = epoch.leaves[leaf]?.member;
  return sender === undefined
    ? { ok: false, reason: "undecryptable" }
    : { ok: true, body, leaf, sender, epoch: read.epoch };
}

/** Changes that a commit applies, in its order. It must refer to exactly the bundled proposals. */
function committedChanges(
  context: FakeContext,
  { byReference }: BundledProposals,
  { body }: Handshake,
): Change[] | StageRejectReason {
  const [, , , ...references] = decodeFields(body) ?? [];
  const referred = references.map((reference) => byReference.get(bytesToUtf8(reference) ?? ""));
  if (new Set(referred).size !== byReference.size) return "proposals-mismatch";
  const changes: Change[] = [];
  for (const proposal of referred) {
    if (proposal === undefined) return "proposals-mismatch";
    const change = decodeChange(proposal.body, context.nowSeconds());
    if (change === undefined) return "invalid-add";
    changes.push(change);
  }
  return changes;
}

function occupied(leaves: Leaves): readonly Leaf[] {
  return leaves.flatMap((leaf) => leaf ?? []);
}

/** The next epoch; `undefined` when the commit removes this member. */
function apply(
  group: FakeGroup,
  changes: readonly Change[],
  { leaf: committer, body }: Handshake,
): { readonly next: FakeGroup | undefined } | StageRejectReason {
  const { current, ownLeaf } = group.state;
  const removed = new Set(changes.flatMap((change) => (change.kind === "remove" ? [change.leaf] : [])));
  const staying = occupied(current.leaves.filter((_, index) => !removed.has(index)));
  const added = changes.flatMap((change) => (change.kind === "add" ? [change.keyPackage] : []));
  if (addsRejectReason(staying, added, group) !== undefined) return "invalid-add";
  if (removed.has(ownLeaf)) return { next: undefined };
  const next = nextGroup(group, changes, committer, body);
  if (next === undefined) return "invalid-commit";
  // The commit may have given its committer another member's key.
  return addsRejectReason(occupied(next.state.current.leaves), [], group) === undefined
    ? { next }
    : "invalid-commit";
}
