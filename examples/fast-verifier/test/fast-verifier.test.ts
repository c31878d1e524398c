import { readFileSync } from "node:fs";
import {
  canonicalOnly,
  canonicalEthereumVerifier,
  createEthereumSigner,
  createEthereumVerifier,
  ethereumVerifier,
} from "@demls/consensus";
import { voteSignerContract } from "@demls/testkit";
import { bytesToHex, concatBytes, hexToBytes } from "@demls/wire/core";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fastVerifier } from "../src/fast-verifier.js";
import { countVotes, signVotes } from "../src/votes.js";

const ORDER = secp256k1.Point.Fn.ORDER;
/** Prime of the field. Not every r below the order is an x-coordinate. */
const PRIME = secp256k1.Point.Fp.ORDER;

const bytes = (hex: string): Uint8Array => hexToBytes(hex) ?? new Uint8Array();
const number32 = (value: bigint): Uint8Array => bytes(value.toString(16).padStart(64, "0"));

describe("The fast verifier", () => {
  const createSigner = (key: number) => createEthereumSigner(new Uint8Array(32).fill(key));
  for (const { name, run } of voteSignerContract({ createSigner, verifier: fastVerifier })) test(name, run);
  const strict = { createSigner, verifier: canonicalOnly(fastVerifier) };
  for (const { name, run } of voteSignerContract(strict)) test(`in strict conversations ${name}`, run);

  test("verifies a hundred votes", { timeout: 30_000 }, async () => {
    let drawn = 0;
    const signed = signVotes(100, (length) => new Uint8Array(length).fill(++drawn));
    expect(await countVotes(signed, fastVerifier)).toBe("yes");
  });
});

interface Recorded {
  readonly name: string;
  readonly identity: string;
  readonly message: string;
  readonly signature: string;
  /** A verdict, or the error for unreadable input. */
  readonly result: unknown;
}

describe("The fast verifier agrees with the Rust crate", () => {
  const path = new URL("../../../vectors/02_votes.json", import.meta.url);
  const { verify } = JSON.parse(readFileSync(path, "utf8")) as { readonly verify: readonly Recorded[] };

  test.each(verify)("on the vector $name", ({ identity, message, signature, result }) => {
    const expected = result === true ? "valid" : result === false ? "invalid" : "malformed";
    expect(fastVerifier.verify(bytes(identity), bytes(message), bytes(signature))).toBe(expected);
  });
});

describe("The fast verifier agrees with the default verifier", () => {
  const signer = createEthereumSigner(new Uint8Array(32).fill(1));
  const { identity } = signer;
  const message = Uint8Array.of(1, 2, 3);
  const good = signer.sign(message);
  const seen = new Map<unknown, number>();

  /** Fails if the two verdicts differ. */
  function agree(of: Uint8Array, over: Uint8Array, signature: Uint8Array): void {
    const expected = ethereumVerifier.verify(of, over, signature);
    seen.set(expected, (seen.get(expected) ?? 0) + 1);
    const what = bytesToHex(signature);
    expect(fastVerifier.verify(of, over, signature), what).toBe(expected);
    const strictly = canonicalEthereumVerifier.verify(of, over, signature);
    expect(canonicalOnly(fastVerifier).verify(of, over, signature), what).toBe(strictly);
    expect(fastVerifier.canonicalForm?.(signature), what).toEqual(
      ethereumVerifier.canonicalForm?.(signature),
    );
  }

  test("on every v", () => {
    for (let v = 0; v < 256; v++) agree(identity, message, good.with(64, v));
    expect([...seen.keys()].sort()).toEqual(["invalid", "malformed", "valid"]);
  });

  test("on r and s at the limits of their ranges and beyond", () => {
    const half = ORDER >> 1n;
    const ends = [
      0n,
      1n,
      2n,
      half - 1n,
      half,
      half + 1n,
      ORDER - 2n,
      ORDER - 1n,
      ORDER,
      PRIME - 1n,
      PRIME,
      2n ** 256n - 1n,
    ];
    for (const r of ends) {
      for (const s of ends) {
        for (const v of [27, 28])
          agree(identity, message, concatBytes(number32(r), number32(s), Uint8Array.of(v)));
      }
    }
  });

  test("on a signature whose key would be infinity", () => {
    // The key is (s·R - hash·G) / r, which is infinity for R = k·G and s = hash / k.
    const k = 5n;
    const r = secp256k1.Point.BASE.multiply(k).toAffine().x;
    const s = (signedNumber() * secp256k1.Point.Fn.inv(k)) % ORDER;
    seen.clear();
    for (const v of [0, 1, 27, 28]) {
      agree(identity, message, concatBytes(number32(r), number32(s), Uint8Array.of(v)));
    }
    // One parity belongs to R; the other one belongs to a point that yields a key.
    expect(Object.fromEntries(seen)).toEqual({ malformed: 2, invalid: 2 });
  });

  /** The signed hash of a message, as a number. */
  function signedNumber(): bigint {
    let signed = 0n;
    const watching = createEthereumVerifier((hash) => {
      signed = BigInt(`0x${bytesToHex(hash)}`);
      return undefined;
    });
    void watching.verify(identity, message, good);
    return signed;
  }

  test("on signatures with changed bits or length", { timeout: 60_000 }, () => {
    const change = fc.record({
      flips: fc.array(fc.tuple(fc.nat(64), fc.nat(7)), { maxLength: 3 }),
      cut: fc.option(fc.nat(66), { freq: 6, nil: 65 }),
      isHigh: fc.boolean(),
      v: fc.option(fc.constantFrom(0, 1, 27, 28, 35, 36), { nil: undefined }),
    });
    fc.assert(
      fc.property(change, fc.boolean(), ({ flips, cut, isHigh, v }, isOther) => {
        const s = BigInt(`0x${bytesToHex(good.subarray(32, 64))}`);
        const base = isHigh
          ? concatBytes(good.subarray(0, 32), number32(ORDER - s), good.subarray(64))
          : good;
        const changed = Uint8Array.from(v === undefined ? base : base.with(64, v));
        for (const [at, bit] of flips) changed[at] = (changed[at] as number) ^ (1 << bit);
        agree(identity, isOther ? Uint8Array.of(9) : message, Uint8Array.of(...changed, 1).subarray(0, cut));
      }),
      { numRuns: 300 },
    );
  });

  test("on any bytes", () => {
    const anything = fc.uint8Array({ maxLength: 70 });
    const signature = fc.oneof(anything, fc.uint8Array({ minLength: 65, maxLength: 65 }));
    const address = fc.oneof(anything, fc.uint8Array({ minLength: 20, maxLength: 20 }));
    fc.assert(fc.property(address, anything, signature, agree));
  });
});
