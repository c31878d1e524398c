import { bytesToHex, concatBytes } from "@demls/wire/core";
import { ed25519 } from "@noble/curves/ed25519.js";
import { bytesToNumberLE, numberToBytesLE } from "@noble/curves/utils.js";
import { sha512 } from "@noble/hashes/sha2.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as node from "../src/ed25519/ed25519-node.js";
import * as web from "../src/ed25519/ed25519-web.js";
import { isSignedBy } from "../src/invitation-key.js";

const { Point } = ed25519;
const { ORDER } = Point.Fn;

/** A point of order eight. */
const TORSION = Point.fromHex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a");

/** Encodings of the neutral element: the canonical one, and others that OpenSSL decodes. */
const NEUTRAL = [
  "0100000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000080",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
].map((hex) => Uint8Array.from(Buffer.from(hex, "hex")));

type Signed = readonly [key: Uint8Array, message: Uint8Array, signature: Uint8Array];

interface Signer {
  readonly secretKey: Uint8Array;
  readonly message: Uint8Array;
  readonly nonce: bigint;
}

/** A signature, good but for additions of small order to its points, and a scalar raised by the order of the group. */
function signed({ secretKey, message, nonce }: Signer, [keyTorsion, nonceTorsion, lift]: number[]): Signed {
  const { scalar } = ed25519.utils.getExtendedPublicKey(secretKey);
  const key = Point.BASE.multiply(scalar).add(torsion(keyTorsion)).toBytes();
  const nonceBytes = Point.BASE.multiply(nonce).add(torsion(nonceTorsion)).toBytes();
  const challenge = bytesToNumberLE(sha512(concatBytes(nonceBytes, key, message))) % ORDER;
  const s = ((nonce + challenge * scalar) % ORDER) + BigInt(lift ?? 0) * ORDER;
  return [key, message, concatBytes(nonceBytes, numberToBytesLE(s, 32))];
}

function torsion(multiple = 0) {
  return TORSION.multiplyUnsafe(BigInt(multiple));
}

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const signers: fc.Arbitrary<Signer> = fc.record({
  secretKey: bytes(32),
  message: fc.uint8Array({ maxLength: 100 }),
  nonce: fc.bigInt({ min: 1n, max: ORDER - 1n }),
});
const additions = fc.tuple(fc.nat(7), fc.nat(7), fc.nat(1));

/** Signatures at which implementations differ, flipped ones, and nonsense. */
const signatures: fc.Arbitrary<Signed> = fc.oneof(
  fc.tuple(signers, additions).map(([signer, added]) => signed(signer, added)),
  fc.tuple(signers, fc.nat(767)).map(([signer, bit]): Signed => {
    const [key, message, signature] = signed(signer, []);
    const flipped = concatBytes(key, signature).map((byte, i) =>
      i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte,
    );
    return [flipped.subarray(0, 32), message, flipped.subarray(32)];
  }),
  fc.tuple(bytes(32), fc.uint8Array({ maxLength: 20 }), bytes(64)),
);

function judged(verify: typeof web.verify, [key, message, signature]: Signed): boolean {
  try {
    return verify(key, message, signature);
  } catch {
    return false;
  }
}

describe("Ed25519 on Node and elsewhere", () => {
  test("judges signatures alike, whatever was added to their points", () => {
    fc.assert(
      fc.property(signatures, (each) => {
        expect(judged(node.verify, each)).toBe(judged(web.verify, each));
      }),
      { numRuns: 300 },
    );
  });

  test("makes the same signatures, which both accept", () => {
    fc.assert(
      fc.property(signers, ({ secretKey, message }) => {
        const key = ed25519.getPublicKey(secretKey);
        const signature = node.sign(secretKey, message);
        expect(bytesToHex(web.sign(secretKey, message))).toBe(bytesToHex(signature));
        for (const { verify } of [node, web]) expect(verify(key, message, signature)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  describe.each([
    ["node:crypto", node.verify],
    ["noble", web.verify],
  ] as const)("by %s", (_name, verify) => {
    test("accepts no key of small order, for which anyone finds signatures", () => {
      // The neutral element as R with s = 0: the equation holds for any message.
      const signature = concatBytes(NEUTRAL[0] as Uint8Array, new Uint8Array(32));
      for (const key of NEUTRAL) expect(judged(verify, [key, new Uint8Array(3), signature])).toBe(false);
    });

    test("accepts a good signature, and none with a lifted scalar or a nonce outside the subgroup", () => {
      const signer = { secretKey: new Uint8Array(32).fill(7), message: new Uint8Array(3), nonce: 5n };
      expect(judged(verify, signed(signer, []))).toBe(true);
      expect(judged(verify, signed(signer, [0, 0, 1]))).toBe(false);
      for (let multiple = 1; multiple < 8; multiple++)
        expect(judged(verify, signed(signer, [0, multiple]))).toBe(false);
    });
  });

  test("does not let go of a key by more keys than it keeps", () => {
    const message = new Uint8Array(3);
    const keys = Array.from({ length: 300 }, (_, i) => new Uint8Array(32).with(0, i & 0xff).with(1, i >> 8));
    for (const secretKey of [...keys, ...keys])
      expect(node.verify(ed25519.getPublicKey(secretKey), message, node.sign(secretKey, message))).toBe(true);
  });
});

test("Keys and signatures of other lengths are refused", () => {
  const secretKey = new Uint8Array(32).fill(7);
  const message = new Uint8Array(3);
  const [key, signature] = [ed25519.getPublicKey(secretKey), node.sign(secretKey, message)];
  expect(isSignedBy(key, message, signature)).toBe(true);
  const longer = (part: Uint8Array) => concatBytes(part, new Uint8Array(1));
  expect(isSignedBy(longer(key), message, signature)).toBe(false);
  expect(isSignedBy(key, message, longer(signature))).toBe(false);
  expect(isSignedBy(key.subarray(1), message, signature)).toBe(false);
  expect(isSignedBy(key, message, signature.subarray(1))).toBe(false);
});
