import { hexToBytes, memberIdFromBytes, type MemberId } from "@demls/wire/core";
import fc from "fast-check";

/** Parses an id of the vectors. Unlike `parseMemberId` it accepts the empty id, which the vectors contain. */
export function recordedId(hex: string): MemberId {
  return memberIdFromBytes(recordedBytes(hex));
}

/** Decodes bytes of the vectors. */
export function recordedBytes(hex: string): Uint8Array {
  const bytes = hexToBytes(hex);
  if (bytes === undefined) throw new Error(`Not hex in the vectors: ${hex}`);
  return bytes;
}

/** The conversation and the members of the recorded elections, retries and fills. */
export const RECORDED_CONVERSATION = "test-conversation";
export const RECORDED_MEMBERS: readonly MemberId[] = [
  "55258bdf583a9326febd322a8170bb8ccd7c2252",
  "992cab6b8d035d5edb2f5d3d5a6806cec7dc63b5",
  "31d67ffd3e25c35f4e2be642348202d672547d6d",
  "7eae313015eb3ea4609b41d82a3191c38a29361f",
  "e7ae82be9daebea954af73c02ef1f6c680c2b21d",
].map(recordedId);

export const everyone = (): boolean => true;

/** An id of 0 to 24 bytes, usually the 20 of an address. */
export const anyMemberId: fc.Arbitrary<MemberId> = fc
  .oneof(
    { weight: 4, arbitrary: fc.uint8Array({ minLength: 20, maxLength: 20 }) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 24 }) },
  )
  .map(memberIdFromBytes);

/** A group of distinct members. */
export const anyGroup: fc.Arbitrary<readonly MemberId[]> = fc.uniqueArray(anyMemberId, {
  minLength: 1,
  maxLength: 12,
});

export const anyEpoch = fc.bigInt({ min: 0n, max: 2n ** 64n - 100n });
export const anyRetryRound = fc.nat({ max: 0xffff_ffff });
