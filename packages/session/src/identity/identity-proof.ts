import { identityStatement, type VoteVerifier } from "@demls/consensus";
import type { LeafBinding } from "@demls/mls";
import { bytesToHex, memberIdToBytes, type MemberId } from "@demls/wire/core";
import { LIMITS } from "../model/limits.js";
import type { ChangeRequest } from "../model/request.js";
import { policyOf, type ActiveTransaction } from "../model/transaction.js";

/** Valid proofs by verifier, oldest first. Only saves time: a verifier always returns the same verdict. */
const validProofs = new WeakMap<VoteVerifier, Set<string>>();

/** Whether the owner of a leaf holds the key of the identity that the leaf names. */
export async function provesIdentity(
  verifier: VoteVerifier,
  member: MemberId,
  { signatureKey, keySince, identityProof }: Pick<LeafBinding, "signatureKey" | "keySince" | "identityProof">,
): Promise<boolean> {
  if (identityProof === undefined) return false;
  const known = validProofs.get(verifier) ?? new Set();
  validProofs.set(verifier, known);
  const proof = [member, bytesToHex(signatureKey), keySince, bytesToHex(identityProof)].join(" ");
  if (known.has(proof)) return true;
  const identity = memberIdToBytes(member);
  const statement = identityStatement(identity, signatureKey, keySince);
  if ((await verifier.verify(identity, statement, identityProof)) !== "valid") return false;
  const [oldest] = known;
  if (oldest !== undefined && known.size >= LIMITS.identityProofs) known.delete(oldest);
  known.add(proof);
  return true;
}

/** Whether the mode admits a leaf of this member: it proves its identity, or the mode requires no proof. */
export async function isAdmissible(
  tx: ActiveTransaction,
  member: MemberId,
  binding: LeafBinding,
): Promise<boolean> {
  return !policyOf(tx).provesIdentities || provesIdentity(tx.env.plugins.verifier, member, binding);
}

/** Whether a request adds a member that does not prove its identity, although the mode requires it. */
export async function addsUnproved(tx: ActiveTransaction, request: ChangeRequest): Promise<boolean> {
  if (request.kind !== "add" || !policyOf(tx).provesIdentities) return false;
  const found = await tx.env.plugins.mls.inspectKeyPackage(request.keyPackage);
  return found.ok && !(await isAdmissible(tx, found.identity, found));
}
