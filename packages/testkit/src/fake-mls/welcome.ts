import type { JoinRejectReason, JoinOutcome, OwnKeyPackage } from "@demls/mls";
import { bytesEqual, bytesToUtf8 } from "@demls/wire/core";
import type { Change } from "./changes.js";
import type { FakeContext } from "./context.js";
import { decodeFields, encodeFields, hashOf, numbersIn, wholeNumber, type Field } from "./fields.js";
import { groupOf, type FakeGroup, type Leaves } from "./group.js";
import { lifetimeRejectReason, parseKeyPackage, publicKeyOf, type KeyPackage } from "./key-package.js";
import { decodeLeaves, encodeLeaves } from "./leaf-codec.js";
import { encodeMessage, messageFields } from "./sealed-message.js";

interface Welcome {
  /** KeyPackageRefs, lower-case hex. */
  readonly references: readonly string[];
  readonly groupId: string;
  readonly name: string;
  readonly epoch: bigint;
  readonly requiredExtensions: readonly number[];
  readonly committer: number;
  readonly leaves: Leaves;
  readonly secret: Uint8Array;
}

/** Welcome for the members that `changes` add to `next`; `undefined` when there are none. */
export function encodeWelcome(next: FakeGroup, changes: readonly Change[]): Uint8Array | undefined {
  const references = changes.flatMap((change) =>
    change.kind === "add" ? [change.keyPackage.reference] : [],
  );
  if (references.length === 0) return undefined;
  const { ownLeaf, current } = next.state;
  const content: Field[] = [
    encodeFields(references),
    next.groupId,
    next.name,
    next.epoch,
    encodeFields(next.requiredExtensions),
    ownLeaf,
    encodeLeaves(current.leaves),
    current.secret,
  ];
  return encodeMessage(["welcome", ...content, hashOf("welcome", ...content)]);
}

/** References of the key packages that a welcome is for; `undefined` when it is not a welcome. */
export function welcomeReferences(bytes: Uint8Array): readonly string[] | undefined {
  const [kind, references] = messageFields(bytes) ?? [];
  if (kind === undefined || references === undefined || bytesToUtf8(kind) !== "welcome") return undefined;
  return decodeFields(references)?.map((reference) => bytesToUtf8(reference) ?? "");
}

/** See `MlsService.join`. */
export function join(
  context: FakeContext,
  bytes: Uint8Array,
  keyPackages: readonly OwnKeyPackage[],
): JoinOutcome {
  const references = welcomeReferences(bytes);
  if (references === undefined) return invalid("malformed");
  const own = keyPackages.find(({ reference }) => references.includes(reference));
  if (own === undefined) return { kind: "notForUs" };
  const welcome = parseWelcome(bytes, references);
  const keyPackage = parseKeyPackage(own.bytes);
  if (welcome === undefined || keyPackage === undefined) return invalid("invalid");
  const { leaves, secret, epoch, committer } = welcome;
  const ownLeaf = leaves.findIndex((leaf) => leaf && bytesEqual(leaf.leafKey, keyPackage.leaf.leafKey));
  const admittedBy = leaves[committer]?.member;
  if (ownLeaf === -1 || admittedBy === undefined || !isOwn(context, keyPackage, own))
    return invalid("invalid");
  const now = context.nowSeconds();
  const allInTime = leaves.every(
    (leaf) => !leaf?.lifetime || lifetimeRejectReason(leaf.lifetime, now) === undefined,
  );
  if (!allInTime) return invalid("expired-member");
  const current = { number: epoch, secret, leaves, ratchets: [] };
  const group = groupOf(welcome, { ownLeaf, current, past: undefined });
  return { kind: "joined", group, reference: own.reference, admittedBy };
}

function invalid(reason: JoinRejectReason): JoinOutcome {
  return { kind: "invalid", reason };
}

function isOwn(context: FakeContext, { leaf, initKey }: KeyPackage, { secrets }: OwnKeyPackage): boolean {
  return (
    leaf.member === context.self &&
    bytesEqual(leaf.signatureKey, publicKeyOf(secrets.signaturePrivateKey)) &&
    bytesEqual(initKey, publicKeyOf(secrets.initPrivateKey)) &&
    bytesEqual(leaf.leafKey, publicKeyOf(secrets.leafPrivateKey))
  );
}

function parseWelcome(bytes: Uint8Array, references: readonly string[]): Welcome | undefined {
  const [, ...content] = messageFields(bytes) ?? [];
  const tag = content.pop();
  const [, groupIdField, nameField, epochField, required, committerField, leavesField, secret] = content;
  const groupId = groupIdField && bytesToUtf8(groupIdField);
  const name = nameField && bytesToUtf8(nameField);
  const [epoch, committer] = [epochField, committerField].map(wholeNumber);
  const requiredExtensions = numbersIn(required);
  const leaves = leavesField && decodeLeaves(leavesField);
  if (tag === undefined || !bytesEqual(tag, hashOf("welcome", ...content))) return undefined;
  if (groupId === undefined || name === undefined) return undefined;
  if (epoch === undefined || committer === undefined) return undefined;
  if (leaves === undefined || requiredExtensions === undefined || secret === undefined) return undefined;
  return {
    references,
    groupId,
    name,
    epoch,
    requiredExtensions,
    committer: Number(committer),
    leaves,
    secret,
  };
}
