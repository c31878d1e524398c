import type { AddCheck, Rejected } from "@demls/mls";
import type { ActiveTransaction } from "../model/transaction.js";
import { requestsUnderWay } from "./open-votes.js";

/** Milliseconds of life that a key package needs beyond the longest time that its vote and commit should take. */
const LIFETIME_MARGIN_MS = 600_000;

/** Result of {@link checkKeyPackage}. */
export type KeyPackageCheck = AddCheck | Rejected<"expires-too-soon">;

/**
 * Checks whether a key package may be buffered, proposed and voted for: it can be added to the group together with
 * every one that is approved or being voted on, and lives long enough to be committed. An approved key package that no
 * commit can hold would block every other change.
 */
export async function checkKeyPackage(
  tx: ActiveTransaction,
  keyPackage: Uint8Array,
): Promise<KeyPackageCheck> {
  const rivals = requestsUnderWay(tx).flatMap((request) =>
    request.kind === "add" ? [request.keyPackage] : [],
  );
  const check = await tx.env.plugins.mls.canAdd(tx.state.group, keyPackage, rivals);
  if (!check.ok || check.notAfterSeconds >= neededUntilSeconds(tx)) return check;
  return { ok: false, reason: "expires-too-soon" };
}

/** Seconds since the Unix epoch by which a change requested now is committed, if all goes well. */
function neededUntilSeconds({ env, state }: ActiveTransaction): bigint {
  const { proposalExpirationMs, commitInactivityMs, freezeMs } = state.config;
  const longestMs = proposalExpirationMs + commitInactivityMs + freezeMs + LIFETIME_MARGIN_MS;
  return env.nowSeconds + BigInt(Math.ceil(longestMs / 1_000));
}
