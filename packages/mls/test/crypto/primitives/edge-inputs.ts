import { concatBytes } from "@demls/wire/core";
import { ed25519 } from "@noble/curves/ed25519.js";
import { bytesToNumberLE, numberToBytesLE } from "@noble/curves/utils.js";
import { sha512 } from "@noble/hashes/sha2.js";
import fc from "fast-check";
import { unhex } from "./bytes.js";

const { Point } = ed25519;
const { ORDER } = Point.Fn;

/** A point of order eight. */
const TORSION = Point.fromHex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a");

const key = fc.uint8Array({ minLength: 32, maxLength: 32 });

/** U coordinates of small order on the curve and its twist (below 2^255, unreduced ones included). */
const SMALL_ORDER_U = [
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
  "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
];

/** Unreduced u coordinates of points of large order: 2^255 - 19 + 9, and 2^255 - 1. */
const UNREDUCED_U = [
  "f6ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
];

/** Any 32 bytes, often ones on which implementations of X25519 have differed, with either highest bit. */
export const x25519PublicKeys: fc.Arbitrary<Uint8Array> = fc
  .tuple(fc.oneof(key, fc.constantFrom(...[...SMALL_ORDER_U, ...UNREDUCED_U].map(unhex))), fc.boolean())
  .map(([u, highest]) => u.map((byte, i) => (i === 31 && highest ? byte | 0x80 : byte)));

interface Signer {
  readonly privateKey: Uint8Array;
  readonly message: Uint8Array;
  /** Seed of the nonce. */
  readonly nonce: bigint;
}

type Signed = readonly [publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array];

/** Correct signature, except for additions to the points and a scalar `s` raised by the order. */
function sign(
  { privateKey, message, nonce }: Signer,
  {
    nonceTorsion = 0,
    keyTorsion = 0,
    lift = 0n,
  }: Partial<Record<"nonceTorsion" | "keyTorsion", number>> & {
    readonly lift?: bigint;
  },
): Signed {
  const { scalar } = ed25519.utils.getExtendedPublicKey(privateKey);
  const publicKey = Point.BASE.multiply(scalar).add(torsion(keyTorsion)).toBytes();
  const noncePoint = Point.BASE.multiply(nonce).add(torsion(nonceTorsion)).toBytes();
  const challenge = bytesToNumberLE(sha512(concatBytes(noncePoint, publicKey, message))) % ORDER;
  const s = ((nonce + challenge * scalar) % ORDER) + lift * ORDER;
  return [publicKey, message, concatBytes(noncePoint, numberToBytesLE(s, 32))];
}

function torsion(multiple: number) {
  return TORSION.multiplyUnsafe(BigInt(multiple));
}

const signers: fc.Arbitrary<Signer> = fc.record({
  privateKey: key,
  message: fc.uint8Array({ maxLength: 100 }),
  nonce: fc.bigInt({ min: 1n, max: ORDER - 1n }),
});
const torsions = fc.integer({ min: 1, max: 7 });

/**
 * Public keys, messages and signatures: honest ones, ones at which implementations of Ed25519 differ, and
 * nonsense.
 */
export const signedMessages: fc.Arbitrary<Signed> = fc.oneof(
  signers.map((signer) => sign(signer, {})),
  signers.map((signer) => sign(signer, { lift: 1n })),
  fc.tuple(signers, torsions).map(([signer, nonceTorsion]) => sign(signer, { nonceTorsion })),
  fc.tuple(signers, torsions).map(([signer, keyTorsion]) => sign(signer, { keyTorsion })),
  fc
    .tuple(signers, torsions, torsions)
    .map(([signer, keyTorsion, nonceTorsion]) => sign(signer, { keyTorsion, nonceTorsion })),
  fc.tuple(signers, fc.nat(7)).map(([signer, multiple]): Signed => {
    const [, message, signature] = sign(signer, {});
    return [torsion(multiple).toBytes(), message, signature];
  }),
  fc.tuple(signers, fc.nat(511)).map(([signer, bit]): Signed => {
    const [publicKey, message, signature] = sign(signer, {});
    return [
      publicKey,
      message,
      signature.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte)),
    ];
  }),
  fc.tuple(
    fc.uint8Array({ minLength: 30, maxLength: 33 }),
    fc.uint8Array({ maxLength: 20 }),
    fc.uint8Array({ minLength: 62, maxLength: 66 }),
  ),
);
