import type { MemberRow } from "../../room/member-rows.js";
import type { Room } from "../../room/room.js";
import type { NameOf } from "./request-text.js";
import { words } from "./wording.js";

/** Names of members as this one sees them, with `you` for itself. */
export function nameIn({ names, self }: Pick<Room, "names" | "self">): NameOf {
  return (member) => (member === self ? "you" : names.nameOf(member));
}

/** `bob~3fa9 (epoch steward, 110)` */
export function describeMember({ member, identityProved, role, score }: MemberRow, room: Room): string {
  const what = [
    ...(role === "member" ? [] : [words(role)]),
    ...(score === undefined ? [] : [`score ${score}`]),
    ...(identityProved ? [] : ["identity not proved"]),
  ];
  return `${nameIn(room)(member)}${what.length === 0 ? "" : ` (${what.join(", ")})`}`;
}
