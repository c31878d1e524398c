import type {
  AddRejectReason,
  CandidateOptions,
  CandidateResult,
  KeyPackageRejectReason,
  MlsChange,
} from "@demls/mls";
import { DemlsError, type MemberId } from "@demls/wire/core";
import { sha256 } from "./sha256.js";
import { actionsOf, addsRejectReason, encodeChange, proposalReference, type Change } from "./changes.js";
import type { FakeContext } from "./context.js";
import { encodeFields } from "./fields.js";
import { withCurrent, type FakeGroup } from "./group.js";
import { inspectKeyPackage } from "./key-package.js";
import { encodeRenewedKey, type RenewedKey } from "./leaf-codec.js";
import { nextGroup } from "./next-group.js";
import { sealMessage } from "./sealed-message.js";
import { encodeWelcome } from "./welcome.js";

/** See `MlsService.createCandidate`. */
export function createCandidate(
  context: FakeContext,
  group: FakeGroup,
  changes: readonly MlsChange[],
  { authenticatedData = new Uint8Array(0), identityProof }: CandidateOptions,
): CandidateResult {
  const wanted = toChanges(context, group, changes);
  const { ownLeaf } = group.state;
  let epoch = group.state.current;
  const seal = (kind: "proposal" | "commit", body: Uint8Array): Uint8Array => {
    const sealed = sealMessage(epoch, group.groupId, kind, ownLeaf, body);
    ({ epoch } = sealed);
    context.generations?.note(sealed.bytes);
    return sealed.bytes;
  };
  const bodies = wanted.map(encodeChange);
  const proposals = bodies.map((body) => seal("proposal", body));
  const references = bodies.map((body) => proposalReference(ownLeaf, body));
  const renewed = encodeRenewedKey(identityProof && renewedKey(context, group, identityProof));
  const commitBody = encodeFields([context.random.bytes(32), authenticatedData, renewed, ...references]);
  const commit = seal("commit", commitBody);
  const next = nextGroup(group, wanted, ownLeaf, commitBody);
  if (next === undefined)
    throw new DemlsError("commit-failed", { message: "No commit can make these changes." });
  const candidate = {
    hash: sha256(commit),
    epoch: group.epoch,
    parentEpochAuthenticator: group.epochAuthenticator,
    sender: group.self,
    proposalSenders: wanted.map(() => group.self),
    authenticatedData,
    actions: actionsOf(group.state.current.leaves, wanted),
    selfRemoved: false,
    next,
    proposals,
    commit,
    welcome: encodeWelcome(next, wanted),
  };
  return { group: withCurrent(group, epoch), candidate };
}

/** The service's signature key, if the own leaf has an earlier one. */
function renewedKey(
  { signatureKey: { publicKey, since } }: FakeContext,
  { state }: FakeGroup,
  identityProof: Uint8Array,
): RenewedKey | undefined {
  const { keySince = 0 } = state.current.leaves[state.ownLeaf] ?? {};
  return keySince >= since ? undefined : { signatureKey: publicKey, identityProof, keySince: since };
}

function toChanges(context: FakeContext, group: FakeGroup, changes: readonly MlsChange[]): Change[] {
  const removals = changes.flatMap((change) => (change.kind === "remove" ? [change.member] : []));
  if (new Set(removals).size !== removals.length)
    throw mistake("duplicate-removal", "Two changes remove the same member.");
  const wanted = changes.map((change) =>
    change.kind === "remove" ? removal(group, change.member) : addition(context, change.keyPackage),
  );
  const staying = group.state.current.leaves.flatMap((leaf) =>
    leaf === undefined || removals.includes(leaf.member) ? [] : [leaf],
  );
  const added = wanted.flatMap((change) => (change.kind === "add" ? [change.keyPackage] : []));
  const reason = addsRejectReason(staying, added, group);
  if (reason !== undefined) throw invalidKeyPackage(reason);
  return wanted;
}

function removal(group: FakeGroup, member: MemberId): Change {
  if (member === group.self) throw mistake("self-removal", "A committer can't remove itself.");
  const leaf = group.state.current.leaves.findIndex((candidate) => candidate?.member === member);
  if (leaf === -1) throw mistake("not-a-member", "The member to remove is not in the group.");
  return { kind: "remove", leaf };
}

function addition(context: FakeContext, bytes: Uint8Array): Change {
  const found = inspectKeyPackage(bytes, context.nowSeconds());
  if (!found.ok) throw invalidKeyPackage(found.reason);
  return { kind: "add", keyPackage: found.keyPackage, bytes };
}

function invalidKeyPackage(
  reason: KeyPackageRejectReason | AddRejectReason,
): DemlsError<"invalid-key-package"> {
  return mistake("invalid-key-package", `A key package can't be added: ${reason}.`);
}

function mistake<Code extends string>(code: Code, message: string): DemlsError<Code> {
  return new DemlsError(code, {
    message,
    field: "changes",
    remedy: "Pass changes that the group allows: see MlsService.createCandidate.",
  });
}
