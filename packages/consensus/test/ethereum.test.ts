import { inspect } from "node:util";
import { bytesToHex, concatBytes, utf8ToBytes } from "@demls/wire/core";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addressFromPublicKey,
  canonicalEthereumVerifier,
  canonicalSignature,
  checksumAddress,
  createEthereumSigner,
  createEthereumVerifier,
  ethereumVerifier,
} from "../src/index.js";
import { bytes, testSigner } from "./fixtures.js";
import { signatureTwin } from "./signature-twin.js";

const MESSAGE = utf8ToBytes("a vote");
const ORDER = secp256k1.Point.Fn.ORDER;

function key(number: bigint): Uint8Array {
  return bytes(number.toString(16).padStart(64, "0"));
}

function withV(signature: Uint8Array, v: number): Uint8Array {
  return concatBytes(signature.subarray(0, 64), Uint8Array.of(v));
}

describe("an Ethereum signer", () => {
  it("signs so that its own address verifies, for any key and message", () => {
    const secretKeys = fc.bigInt({ min: 1n, max: ORDER - 1n });
    fc.assert(
      fc.property(secretKeys, fc.uint8Array({ maxLength: 200 }), (number, message) => {
        const signer = createEthereumSigner(key(number));
        const signature = signer.sign(message);
        expect(ethereumVerifier.verify(signer.identity, message, signature)).toBe("valid");
        expect(canonicalSignature(signature)).toEqual(signature);
      }),
      { numRuns: 20 },
    );
  });

  it.each([
    ["31 bytes", new Uint8Array(31).fill(1)],
    ["33 bytes", new Uint8Array(33).fill(1)],
    ["zero", key(0n)],
    ["the order of the group", key(ORDER)],
    ["the largest number", new Uint8Array(32).fill(255)],
  ])("rejects a key of %s without revealing it", (_name, secretKey) => {
    expect.assertions(2);
    try {
      createEthereumSigner(secretKey);
    } catch (error) {
      expect(error).toMatchObject({ code: "invalid-secret-key", field: "secretKey" });
      expect(inspect(error, { depth: null })).not.toContain(bytesToHex(secretKey));
    }
  });

  it("accepts the ends of the key range", () => {
    expect(createEthereumSigner(key(1n)).identity).toHaveLength(20);
    expect(createEthereumSigner(key(ORDER - 1n)).identity).toHaveLength(20);
  });

  it("keeps its own copy of the key", () => {
    const secretKey = key(7n);
    const signer = createEthereumSigner(secretKey);
    const before = signer.sign(MESSAGE);
    secretKey.fill(0);
    expect(signer.sign(MESSAGE)).toEqual(before);
  });

  it("refuses to sign after close, which is idempotent", () => {
    const signer = testSigner(0);
    signer.close();
    signer.close();
    expect(() => signer.sign(MESSAGE)).toThrow(expect.objectContaining({ code: "signer-closed" }));
  });

  it("shows no key when printed", () => {
    const signer = createEthereumSigner(new Uint8Array(32).fill(0xab));
    expect(Object.keys(signer)).toEqual(["identity", "sign", "close"]);
    expect(inspect(signer, { depth: null, showHidden: true })).not.toMatch(/171, 171|abab/);
  });
});

describe("verifying", () => {
  const signer = testSigner(1);
  const signature = signer.sign(MESSAGE);
  const odd = signature[64] === 28 ? 1 : 0;

  it("accepts v in all encodings, but only one as canonical", () => {
    for (const v of [odd, 27 + odd, 35 + odd, 253 + odd]) {
      const spelled = withV(signature, v);
      expect(ethereumVerifier.verify(signer.identity, MESSAGE, spelled), `v ${v}`).toBe("valid");
      const strict = canonicalEthereumVerifier.verify(signer.identity, MESSAGE, spelled);
      expect(strict, `v ${v}`).toBe(v === 27 + odd ? "valid" : "malformed");
    }
  });

  it("rejects any other v", () => {
    const readable = Array.from({ length: 256 }, (_, v) => v).filter((v) =>
      canonicalSignature(withV(signature, v)),
    );
    expect(readable).toEqual([0, 1, 27, 28, ...Array.from({ length: 221 }, (_, i) => 35 + i)]);
  });

  it("accepts s in the upper half, but not as canonical", () => {
    const twin = signatureTwin(signature);
    expect(ethereumVerifier.verify(signer.identity, MESSAGE, twin)).toBe("valid");
    expect(canonicalEthereumVerifier.verify(signer.identity, MESSAGE, twin)).toBe("malformed");
    expect(canonicalSignature(twin)).toEqual(signature);
  });

  it("distinguishes another message, another member and unreadable identities", () => {
    expect(ethereumVerifier.verify(signer.identity, utf8ToBytes("another"), signature)).toBe("invalid");
    expect(ethereumVerifier.verify(testSigner(2).identity, MESSAGE, signature)).toBe("invalid");
    expect(ethereumVerifier.verify(signer.identity.subarray(1), MESSAGE, signature)).toBe("malformed");
  });

  it("returns a verdict for any bytes", () => {
    const anything = fc.uint8Array({ maxLength: 70 });
    const sized = fc.uint8Array({ minLength: 64, maxLength: 64 }).map((rs) => withV(rs, 27));
    fc.assert(
      fc.property(fc.oneof(anything, sized), anything, (garbage, message) => {
        expect(["invalid", "malformed"]).toContain(
          ethereumVerifier.verify(signer.identity, message, garbage),
        );
      }),
      { numRuns: 60 },
    );
  });

  it("rejects as malformed an r that is not an x-coordinate", () => {
    const noPoint = concatBytes(key(5n), key(1n), Uint8Array.of(27));
    expect(ethereumVerifier.verify(signer.identity, MESSAGE, noPoint)).toBe("malformed");
  });
});

describe("addresses", () => {
  it("are equal for compressed and uncompressed public keys", () => {
    const secretKey = key(0x1234n);
    const { identity } = createEthereumSigner(secretKey);
    expect(addressFromPublicKey(secp256k1.getPublicKey(secretKey, true))).toEqual(identity);
    expect(addressFromPublicKey(secp256k1.getPublicKey(secretKey, false))).toEqual(identity);
  });

  it("are rejected for bytes that are not a point", () => {
    const refusal = expect.objectContaining({ code: "invalid-public-key", field: "publicKey" });
    expect(() => addressFromPublicKey(new Uint8Array(33))).toThrow(refusal);
  });

  it.each([
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
    "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
    "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
    "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
    "0x52908400098527886E0F7030069857D2E4169EE7",
    "0xde709f2102306220921060314715629080e2fb77",
  ])("are formatted with the EIP-55 checksum: %s", (address) => {
    expect(checksumAddress(bytes(address.slice(2)))).toBe(address);
  });

  it("are rejected if they have another length", () => {
    const refusal = expect.objectContaining({ code: "invalid-identity", field: "identity" });
    expect(() => checksumAddress(new Uint8Array(19))).toThrow(refusal);
  });
});

describe("a verifier with another library's recovery", () => {
  const signer = testSigner(6);
  const signature = signer.sign(MESSAGE);

  it("passes it the hash, r and s with s in the lower half, and the parity", () => {
    const given: unknown[] = [];
    const verifier = createEthereumVerifier((...args) => void given.push(args));
    for (const form of [signature, signatureTwin(signature)]) {
      void verifier.verify(signer.identity, MESSAGE, form);
    }
    const hash = keccak_256(concatBytes(utf8ToBytes("\x19Ethereum Signed Message:\n6"), MESSAGE));
    const expected = [hash, signature.subarray(0, 64), (signature[64] as number) - 27];
    expect(given).toEqual([expected, expected]);
  });

  it.each([
    ["nothing", () => undefined],
    ["null", () => null],
    [
      "an exception",
      () => {
        throw new Error("no such point");
      },
    ],
  ])("treats %s as an invalid signature", (_what, recover) => {
    expect(createEthereumVerifier(recover).verify(signer.identity, MESSAGE, signature)).toBe("malformed");
  });

  it.each([
    ["a compressed key", Uint8Array.of(2, ...new Uint8Array(32))],
    ["a key without its first byte", new Uint8Array(64)],
    ["no bytes", new Uint8Array(0)],
    ["65 other bytes", new Uint8Array(65)],
    ["a promise", Promise.resolve(new Uint8Array(65))],
    ["true", true],
  ])("treats %s as no key", (_what, recovered) => {
    const verifier = createEthereumVerifier(() => recovered as Uint8Array);
    const ofThese =
      recovered instanceof Uint8Array ? keccak_256(recovered.subarray(1)).slice(-20) : undefined;
    for (const identity of [signer.identity, ofThese ?? signer.identity]) {
      expect(verifier.verify(identity, MESSAGE, signature)).toBe("malformed");
    }
  });

  it("does not call it for malformed signatures", () => {
    const asked: unknown[] = [];
    const verifier = createEthereumVerifier((...args) => void asked.push(args));
    for (const bad of [signature.subarray(1), withV(signature, 2), new Uint8Array(65)]) {
      expect(verifier.verify(signer.identity, MESSAGE, bad)).toBe("malformed");
    }
    expect(verifier.verify(signer.identity.subarray(1), MESSAGE, signature)).toBe("malformed");
    expect(asked).toEqual([]);
  });
});
