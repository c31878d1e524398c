import type { MemberRow } from "../../room/member-rows.js";
import type { Room } from "../../room/room.js";
import type { NameOf } from "./request-text.js";
import { inList, words } from "./wording.js";

/** Names of members as this one sees them, with `you` for itself. */
export function nameIn({ names, self }: Pick<Room, "names" | "self">): NameOf {
  return (member) => (member === self ? "you" : names.nameOf(member));
}

/** `bob~3fa9 (epoch steward, 110)` */
export function describeMember(
  { member, identityProved, verified, role, score, letInBy, probationUntilWallMs }: MemberRow,
  room: Room,
): string {
  // After the digits of the id, where no claimed name reaches.
  const what = [
    ...(verified ? ["verified"] : []),
    ...(role === "member" ? [] : [words(role)]),
    ...(probationUntilWallMs === undefined ? [] : ["newcomer"]),
    ...(letInBy === undefined ? [] : [`let in by ${nameIn(room)(letInBy)}`]),
    ...(score === undefined ? [] : [`score ${score}`]),
    ...(identityProved ? [] : ["identity not proved"]),
  ];
  return `${nameIn(room)(member)}${what.length === 0 ? "" : ` (${what.join(", ")})`}`;
}

/** ` with ada~3fa9 and bob~81c2`: the other members; ` alone` without any. */
export function describeCompany(room: Room): string {
  const { members } = room.conversation.state;
  const others = members.filter(({ id }) => id !== room.self).map(({ id }) => nameIn(room)(id));
  return others.length === 0 ? " alone" : ` with ${inList(others)}`;
}
