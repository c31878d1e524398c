import type { AddCheck, Rejected } from "@demls/mls";
import type { ChangeRequest } from "../model/request.js";
import type { ActiveTransaction } from "../model/transaction.js";
import { isAdmissible } from "../identity/identity-proof.js";
import { requestsUnderWay } from "./open-votes.js";

/** Milliseconds of validity that a key package needs beyond the expected time of its vote and commit. */
const LIFETIME_MARGIN_MS = 600_000;

/** Result of {@link checkKeyPackage}. */
export type KeyPackageCheck =
  AddCheck | Rejected<"expires-too-soon" | "spent" | "withdrawn" | "unproved-identity">;

/**
 * Checks whether a key package may be buffered, proposed and approved: the group can add it together with all approved
 * and open ones, it proves its identity where the mode requires it, and it is valid until the expected commit. An approved key package that no commit can contain would
 * block all other changes.
 *
 * @param others the approved and open requests.
 */
export async function checkKeyPackage(
  tx: ActiveTransaction,
  keyPackage: Uint8Array,
  others: readonly ChangeRequest[] = requestsUnderWay(tx),
): Promise<KeyPackageCheck> {
  const rivals = others.flatMap((request) => (request.kind === "add" ? [request.keyPackage] : []));
  const check = await tx.env.plugins.mls.canAdd(tx.state.group, keyPackage, rivals);
  // Its commit may be past, and its owner removed since. Then an old announcement must not add it again.
  if (check.ok && tx.state.admission.spent.includes(check.reference)) return { ok: false, reason: "spent" };
  if (check.ok && tx.state.refusals.withdrawn.has(check.reference)) return { ok: false, reason: "withdrawn" };
  if (check.ok && !(await isAdmissible(tx, check.identity, check)))
    return { ok: false, reason: "unproved-identity" };
  if (!check.ok || check.notAfterSeconds >= neededUntilSeconds(tx)) return check;
  return { ok: false, reason: "expires-too-soon" };
}

/** Expected time, in seconds since the Unix epoch, by which a change requested now is committed. */
function neededUntilSeconds({ env, state }: ActiveTransaction): bigint {
  const { proposalExpirationMs, commitInactivityMs, freezeMs } = state.config;
  const longestMs = proposalExpirationMs + commitInactivityMs + freezeMs + LIFETIME_MARGIN_MS;
  return env.nowSeconds + BigInt(Math.ceil(longestMs / 1_000));
}
