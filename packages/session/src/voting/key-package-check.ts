import type { AddCheck, Refused } from "@demls/mls";
import { requestsUnderWay } from "./open-votes.js";
import { requireGroup, type Transaction } from "../model/transaction.js";

/** Milliseconds of life that a key package must have beyond the longest that its vote and commit should take. */
const LIFETIME_MARGIN_MS = 600_000;

/** What {@link checkKeyPackage} found. */
export type KeyPackageCheck = AddCheck | Refused<"expires-too-soon">;

/**
 * Whether a key package may be buffered, proposed and voted for: it can be added to the group together with
 * every one that is approved or being voted on, and lives long enough to be committed. Once it is approved,
 * one that no commit can hold would hold up all other work.
 */
export async function checkKeyPackage(tx: Transaction, keyPackage: Uint8Array): Promise<KeyPackageCheck> {
  const rivals = requestsUnderWay(tx).flatMap((request) =>
    request.kind === "invite_member" ? [request.keyPackageBytes] : [],
  );
  const check = await tx.env.plugins.mls.canAdd(requireGroup(tx), keyPackage, rivals);
  if (!check.ok || check.notAfterSeconds >= neededUntilSeconds(tx)) return check;
  return { ok: false, reason: "expires-too-soon" };
}

/** When a change that is asked for now has been committed at the latest, if all goes well. */
function neededUntilSeconds({ env, state }: Transaction): bigint {
  const { proposalExpirationMs, commitInactivityMs, freezeMs } = state.config;
  const longestMs = proposalExpirationMs + commitInactivityMs + freezeMs + LIFETIME_MARGIN_MS;
  return env.nowSeconds + BigInt(Math.ceil(longestMs / 1_000));
}
