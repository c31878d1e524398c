import type { AddCheck, Rejected } from "@demls/mls";
import { requestsUnderWay } from "./open-votes.js";
import { requireGroup, type Turn } from "./turn.js";

/** Milliseconds of life that a key package must have beyond the longest that its vote and commit should take. */
const LIFETIME_MARGIN_MS = 600_000;

/** What {@link checkInvitation} found. */
export type InvitationCheck = AddCheck | Rejected<"expires-too-soon">;

/**
 * Whether a key package may be buffered, proposed and voted for: it can be added to the group together with
 * every one that is approved or being voted on, and lives long enough to be committed. Once it is approved,
 * one that no commit can hold would hold up all other work.
 */
export async function checkInvitation(turn: Turn, keyPackage: Uint8Array): Promise<InvitationCheck> {
  const rivals = requestsUnderWay(turn).flatMap((request) =>
    request.kind === "invite_member" ? [request.keyPackageBytes] : [],
  );
  const check = await turn.env.plugins.mls.canAdd(requireGroup(turn), keyPackage, rivals);
  if (!check.ok || check.notAfterSeconds >= neededUntilSeconds(turn)) return check;
  return { ok: false, reason: "expires-too-soon" };
}

/** When a change that is asked for now has been committed at the latest, if all goes well. */
function neededUntilSeconds({ env, state }: Turn): bigint {
  const { proposalExpirationMs, commitInactivityMs, freezeMs } = state.config;
  const longestMs = proposalExpirationMs + commitInactivityMs + freezeMs + LIFETIME_MARGIN_MS;
  return env.nowSeconds + BigInt(Math.ceil(longestMs / 1_000));
}
