import { memberIdFromBytes, memberIdToBytes, type MemberId } from "@demls/wire/core";

/** The member id that an application passes. @throws DemlsError `invalid-member-id`. */
export function checkedMember(member: MemberId): MemberId {
  return memberIdFromBytes(memberIdToBytes(member));
}
