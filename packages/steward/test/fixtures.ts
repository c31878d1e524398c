import { hexToBytes, memberIdFromBytes, type MemberId } from "@demls/wire/core";
import fc from "fast-check";

/** An id as the vectors spell it. Unlike `parseMemberId` it takes the empty id, which is recorded too. */
export function recordedId(hex: string): MemberId {
  return memberIdFromBytes(recordedBytes(hex));
}

/** Bytes as the vectors spell them. */
export function recordedBytes(hex: string): Uint8Array {
  const bytes = hexToBytes(hex);
  if (bytes === undefined) throw new Error(`The vectors hold no hex: ${hex}`);
  return bytes;
}

/** The conversation and the members that the recorded elections, retries and fills were made with. */
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
