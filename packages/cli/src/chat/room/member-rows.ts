import type { MemberId, MemberRole } from "demls";
import type { Room } from "./room.js";

/** A member in the output of `/who`. */
export interface MemberRow {
  readonly member: MemberId;
  readonly name: string;
  /** False in the mode `de-mls-3`. */
  readonly identityProved: boolean;
  readonly role: MemberRole;
  readonly score: bigint | undefined;
}

/** The members, in leaf order. */
export function memberRows({ conversation, names }: Room): readonly MemberRow[] {
  return conversation.state.members.map(({ id, identityProved, role, score }) => ({
    member: id,
    name: names.nameOf(id),
    identityProved,
    role,
    score,
  }));
}
