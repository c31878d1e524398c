import type { MemberId } from "@demls/wire/core";
import { list, type SliceValue } from "./slice.js";

export const identitiesSlice = {
  /** Members that this user has marked as verified, the one marked first first. */
  verified: list<MemberId>({ identity: (member) => member }),
};

/** This user's own knowledge of the persons behind identities. It is never sent. */
export type Identities = SliceValue<typeof identitiesSlice>;
