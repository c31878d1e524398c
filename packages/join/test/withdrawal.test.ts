import { bytesToHex, memberIdFromBytes } from "@demls/wire/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { byteMutation, mutateBytes } from "../../../hostile/byte-mutation.js";
import { decodeWithdrawal, encodeWithdrawal } from "../src/index.js";

const identities = fc.uint8Array({ minLength: 1, maxLength: 64 });
const REFERENCE = new Uint8Array(32).fill(3);
const SIGNATURE = new Uint8Array(64).fill(4);

test("A withdrawal is decoded as it was encoded", () => {
  fc.assert(
    fc.property(identities, (identity) => {
      const member = memberIdFromBytes(identity);
      expect(decodeWithdrawal(encodeWithdrawal(member, REFERENCE, SIGNATURE))).toEqual({
        ...{ member, reference: bytesToHex(REFERENCE), signature: SIGNATURE },
      });
    }),
  );
});

test("Bytes that are no withdrawal are none, and never throw", () => {
  const bytes = encodeWithdrawal(memberIdFromBytes(new Uint8Array(20)), REFERENCE, SIGNATURE);
  for (let length = 0; length < bytes.length; length += 1)
    expect(decodeWithdrawal(bytes.subarray(0, length))).toBeUndefined();
  expect(decodeWithdrawal(Uint8Array.of(...bytes, 0))).toBeUndefined();
  expect(decodeWithdrawal(Uint8Array.of(1, ...bytes.subarray(1)))).toBeUndefined();
  fc.assert(
    fc.property(byteMutation, (mutation) => {
      decodeWithdrawal(mutateBytes(bytes, mutation, [bytes]));
    }),
  );
});
