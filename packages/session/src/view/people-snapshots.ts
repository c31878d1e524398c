import type { MemberId } from "@demls/wire/core";
import type { AskReason } from "../model/admission-policy.js";
import type { ActiveTransaction } from "../model/transaction.js";
import { banOf } from "../voting/bans.js";
import { isNewcomer, probationSeconds } from "../voting/newcomers.js";
import { isAsking } from "../voting/pending-updates.js";
import { jsonReady, type JsonReady } from "./json.js";

/** Request to join, which waits for `Conversation.admit` or `Conversation.refuse`. */
export interface RequestSnapshot extends JsonReady {
  readonly joiner: MemberId;
  /** Name that the joiner claims. Not verified. */
  readonly claimedName: string | undefined;
  /** Member whose good invitation the joiner holds. */
  readonly invitedBy: MemberId | undefined;
  /** Reason for which it needs this user's consent. */
  readonly reason: AskReason;
}

/** Arrival of a member. */
export interface ArrivalSnapshot extends JsonReady {
  /** Member that answers for it: its inviter, or else the member that has vouched for it or proposed it. */
  readonly letInBy: MemberId;
  /** Whether it came with an invitation of that member. */
  readonly invited: boolean;
  /** Whether votes by hand let it in, not those by default. */
  readonly byHand: boolean;
  /** Time of the commit that added it, by the wall clock of its committer: milliseconds since the Unix epoch. */
  readonly sinceWallMs: number;
  /** End of its probation by the wall clock, in milliseconds since the Unix epoch; undefined if it is over. */
  readonly probationUntilWallMs: number | undefined;
  /** Members that have confirmed it, as far as this user knows. */
  readonly confirmedBy: readonly MemberId[];
}

/** Banned member: it was removed by a vote, and is not let in again by default. */
export interface BanSnapshot extends JsonReady {
  readonly member: MemberId;
  /** Time at which the ban ends: milliseconds since the Unix epoch, by the wall clock. */
  readonly untilWallMs: number;
}

/** Invitation of a member. */
export interface InvitationSnapshot extends JsonReady {
  readonly inviter: MemberId;
  /** Id of the invitation: 16 hex digits. */
  readonly id: string;
  /** Last good second, since the Unix epoch: milliseconds by the wall clock; undefined if it never expires. */
  readonly expiresWallMs: number | undefined;
  /** Number of members that were added by it, as far as this user knows. */
  readonly uses: number;
  readonly revoked: boolean;
}

/** Arrival of a member; undefined if none is known. */
export function arrivalSnapshot(tx: ActiveTransaction, member: MemberId): ArrivalSnapshot | undefined {
  const arrival = tx.state.admission.arrivals.get(member);
  if (arrival === undefined) return undefined;
  const { sponsor: letInBy, invited, byHand, since, confirmedBy } = arrival;
  const until = isNewcomer(tx, member) ? since + probationSeconds(tx) : undefined;
  return jsonReady({
    ...{ letInBy, invited, byHand, confirmedBy },
    sinceWallMs: Number(since) * 1_000,
    probationUntilWallMs: until === undefined ? undefined : Number(until) * 1_000,
  });
}

export function banSnapshots(tx: ActiveTransaction): readonly BanSnapshot[] {
  return [...tx.state.bans.members.keys()].flatMap((member) => {
    const ban = banOf(tx, member);
    return ban === undefined ? [] : jsonReady({ member, untilWallMs: Number(ban.until) * 1_000 });
  });
}

export function invitationSnapshots({ state }: ActiveTransaction): readonly InvitationSnapshot[] {
  return [...state.invitations.known.values()].map(({ inviter, id, expiresAt, uses, revoked }) => {
    const expiresWallMs = expiresAt === 0n ? undefined : Number(expiresAt) * 1_000;
    return jsonReady({ inviter, id, expiresWallMs, uses, revoked });
  });
}

export function requestSnapshots(tx: ActiveTransaction): readonly RequestSnapshot[] {
  return [...tx.state.changes.pending].flatMap(([joiner, change]) =>
    change.awaitsAdmission && isAsking(tx, change) ? [jsonReady({ joiner, ...change.awaitsAdmission })] : [],
  );
}
