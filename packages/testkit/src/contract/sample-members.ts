import { memberIdFromBytes, type MemberId } from "@demls/wire/core";
import { createSeededRandom } from "../seeded-random.js";

/** `count` sample members, ascending by id, with 20 bytes each, as Ethereum addresses have. */
export function sampleMembers(count: number): readonly MemberId[] {
  const random = createSeededRandom("members");
  return Array.from({ length: count }, () => memberIdFromBytes(random.bytes(20))).sort();
}

/** Member of none of the conversations. */
export const STRANGER: MemberId = memberIdFromBytes(new Uint8Array(20).fill(0x77));
