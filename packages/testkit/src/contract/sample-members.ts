import { memberIdFromBytes, type MemberId } from "@demls/wire/core";
import { createSeededRandom } from "../seeded-random.js";

/** So many members, ascending by id, each of 20 bytes as an Ethereum address is. */
export function sampleMembers(count: number): readonly MemberId[] {
  const random = createSeededRandom("members");
  return Array.from({ length: count }, () => memberIdFromBytes(random.bytes(20))).sort();
}

/** A member of none of the conversations. */
export const STRANGER: MemberId = memberIdFromBytes(new Uint8Array(20).fill(0x77));
