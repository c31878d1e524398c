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
  return conversation.state.members.map(({ id, identityProved, verified, role, score }) => ({
    member: id,
    name: names.nameOf(id),
    identityProved,
    verified,
    role,
    score,
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
