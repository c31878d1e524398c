import type { Member } from "./stepwise.js";

/** A member that must be there. */
export function present(member: Member | undefined): Member {
  if (member === undefined) throw new Error("Somebody is missing.");
  return member;
}
