import type { MemberId, MemberRole } from "demls";
import type { Room } from "./room.js";

/** A member in the output of `/who`. */
export interface MemberRow {
  readonly member: MemberId;
  readonly name: string;
  /** False in the mode `de-mls-3`. */
  readonly identityProved: boolean;
  /** Whether the user has marked the member as verified. */
  readonly verified: boolean;
  readonly role: MemberRole;
  readonly score: bigint | undefined;
  /** Member that answers for it; undefined for the founder, or if it is not known. */
  readonly letInBy: MemberId | undefined;
  /** End of its probation: milliseconds since the Unix epoch; undefined if it votes on everything. */
  readonly probationUntilWallMs: number | undefined;
}

/** A banned member in the output of `/who`. */
export interface BanRow {
  readonly member: MemberId;
  readonly name: string;
  /** End of the ban: milliseconds since the Unix epoch. */
  readonly untilWallMs: number;
}

/** The members, in leaf order. */
export function memberRows({ conversation, names }: Room): readonly MemberRow[] {
  return conversation.state.members.map(({ id, identityProved, verified, role, score, arrival }) => ({
    member: id,
    name: names.nameOf(id),
    identityProved,
    verified,
    role,
    score,
    letInBy: arrival?.letInBy,
    probationUntilWallMs: arrival?.probationUntilWallMs,
  }));
}

/** The banned members, the one whose ban ends last first. */
export function banRows({ conversation, names }: Room): readonly BanRow[] {
  return conversation.state.bans.map(({ member, untilWallMs }) => ({
    member,
    name: names.nameOf(member),
    untilWallMs,
  }));
}
