import type { MemberId } from "@demls/wire/core";
import type { ActiveTransaction } from "../model/transaction.js";
import { banOf } from "../voting/bans.js";
import { isAsking } from "../voting/pending-updates.js";
import { jsonReady, type JsonReady } from "./json.js";

/** Request to join, which waits for `Conversation.admit` or `Conversation.refuse`. */
export interface RequestSnapshot extends JsonReady {
  readonly joiner: MemberId;
  /** Name that the joiner claims. Not verified. */
  readonly claimedName: string | undefined;
  /** Member whose good invitation the joiner holds. */
  readonly invitedBy: MemberId | undefined;
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
