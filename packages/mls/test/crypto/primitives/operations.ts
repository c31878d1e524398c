import { bytesToHex } from "@demls/wire/core";
import fc from "fast-check";
import { createCiphersuite } from "../../../src/crypto/ciphersuite.js";
import { strictSignature } from "../../../src/crypto/ed25519-strictness.js";
import type { Primitives } from "../../../src/crypto/primitives.js";
import { drawing } from "./bytes.js";
import { signedMessages, x25519PublicKeys } from "./edge-inputs.js";

/** Operation that MLS needs, with the inputs for comparing platforms. */
export interface Operation {
  readonly inputs: fc.Arbitrary<readonly Uint8Array[]>;
  run(primitives: Primitives, inputs: readonly Uint8Array[]): Promise<Uint8Array | boolean>;
}

const EMPTY: Uint8Array = new Uint8Array(0);

const bytes = (maxLength: number) => fc.uint8Array({ maxLength });
const ofLength = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
/** Bytes, mostly of the right length. */
const about = (length: number) =>
  fc.oneof({ weight: 4, arbitrary: ofLength(length) }, { weight: 1, arbitrary: bytes(length * 2 + 1) });
const length = fc.oneof(fc.nat(100), fc.constantFrom(255 * 32, 255 * 32 + 1)).map(bytesOfNumber);

function bytesOfNumber(value: number): Uint8Array {
  return Uint8Array.of(value >> 8, value & 0xff);
}

function numberIn([high = 0, low = 0]: Uint8Array): number {
  return high * 256 + low;
}

function suiteOf(primitives: Primitives, random = EMPTY) {
  return createCiphersuite(primitives, drawing(random));
}

/** Bytes with the bit at `at` flipped, if there is one. */
function flipped(value: Uint8Array, at: Uint8Array): Uint8Array {
  const bit = numberIn(at);
  return Uint8Array.from(value, (byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
}

/** Operations on up to six inputs. */
export const operations: Readonly<Record<string, Operation>> = {
  digest: {
    inputs: fc.tuple(fc.oneof(bytes(200), bytes(3000))),
    run: async (primitives, [data = EMPTY]) => suiteOf(primitives).hash.digest(data),
  },
  mac: {
    inputs: fc.tuple(bytes(100), bytes(300)),
    run: async (primitives, [key = EMPTY, data = EMPTY]) => suiteOf(primitives).hash.mac(key, data),
  },
  "verification of a mac": {
    inputs: fc.tuple(bytes(40), bytes(300), bytesAt(32)),
    async run(primitives, [key = EMPTY, data = EMPTY, at = EMPTY]) {
      const { hash } = suiteOf(primitives);
      return hash.verifyMac(key, flipped(await hash.mac(key, data), at), data);
    },
  },
  extraction: {
    inputs: fc.tuple(bytes(80), bytes(80)),
    run: async (primitives, [salt = EMPTY, ikm = EMPTY]) => suiteOf(primitives).kdf.extract(salt, ikm),
  },
  expansion: {
    inputs: fc.tuple(bytes(64), bytes(80), length),
    run: async (primitives, [prk = EMPTY, info = EMPTY, size = EMPTY]) =>
      suiteOf(primitives).kdf.expand(prk, info, numberIn(size)),
  },
  encryption: {
    inputs: fc.tuple(about(16), about(12), bytes(60), bytes(600)),
    run: async (primitives, [key = EMPTY, nonce = EMPTY, aad = EMPTY, plaintext = EMPTY]) =>
      suiteOf(primitives).hpke.encryptAead(key, nonce, aad, plaintext),
  },
  decryption: {
    inputs: fc.tuple(ofLength(16), ofLength(12), bytes(60), bytes(100), bytesAt(120)),
    async run(primitives, [key = EMPTY, nonce = EMPTY, aad = EMPTY, plaintext = EMPTY, at = EMPTY]) {
      const { hpke } = suiteOf(primitives);
      const sealed = await hpke.encryptAead(key, nonce, aad, plaintext);
      return hpke.decryptAead(key, nonce, aad, flipped(sealed, at));
    },
  },
  "decryption of anything": {
    inputs: fc.tuple(about(16), about(12), bytes(40)),
    run: async (primitives, [key = EMPTY, nonce = EMPTY, ciphertext = EMPTY]) =>
      suiteOf(primitives).hpke.decryptAead(key, nonce, undefined, ciphertext),
  },
  "derivation of a key pair": {
    inputs: fc.tuple(bytes(64)),
    async run(primitives, [ikm = EMPTY]) {
      const { hpke } = suiteOf(primitives);
      return hpke.exportPublicKey((await hpke.deriveKeyPair(ikm)).publicKey);
    },
  },
  "Diffie-Hellman": {
    inputs: fc.tuple(ofLength(32), x25519PublicKeys),
    run: async ({ x25519 }, [privateKey = EMPTY, publicKey = EMPTY]) =>
      x25519.sharedSecret(privateKey, publicKey),
  },
  "sealing to a key": {
    inputs: fc.tuple(ofLength(32), fc.oneof(x25519PublicKeys, about(32)), bytes(60), bytes(60), bytes(200)),
    async run(primitives, [random = EMPTY, publicKey = EMPTY, info = EMPTY, aad = EMPTY, plaintext = EMPTY]) {
      const { hpke } = suiteOf(primitives, random);
      const { enc, ct } = await hpke.seal(await hpke.importPublicKey(publicKey), plaintext, info, aad);
      return Uint8Array.of(...enc, ...ct);
    },
  },
  "opening of a sealed message": {
    inputs: fc.tuple(ofLength(32), ofLength(32), bytes(60), bytes(60), bytesAt(120)),
    async run(primitives, [random = EMPTY, ikm = EMPTY, info = EMPTY, plaintext = EMPTY, at = EMPTY]) {
      const { hpke } = suiteOf(primitives, random);
      const { publicKey, privateKey } = await hpke.deriveKeyPair(ikm);
      const { enc, ct } = await hpke.seal(publicKey, plaintext, info);
      return hpke.open(privateKey, enc, flipped(ct, at), info);
    },
  },
  "import of an exported secret": {
    inputs: fc.tuple(ofLength(32), fc.oneof(x25519PublicKeys, about(32)), bytes(40), bytes(40), length),
    async run(primitives, [privateKey = EMPTY, enc = EMPTY, info = EMPTY, context = EMPTY, size = EMPTY]) {
      const { hpke } = suiteOf(primitives);
      const key = await hpke.importPrivateKey(privateKey);
      return hpke.importSecret(key, context, enc, numberIn(size), info);
    },
  },
  "generation of a signature key": {
    inputs: fc.tuple(ofLength(32)),
    async run(primitives, [random = EMPTY]) {
      return (await suiteOf(primitives, random).signature.keygen()).publicKey;
    },
  },
  signing: {
    inputs: fc.tuple(ofLength(32), bytes(400)),
    run: async (primitives, [privateKey = EMPTY, message = EMPTY]) =>
      suiteOf(primitives).signature.sign(privateKey, message),
  },
  "verification of a signature": {
    inputs: signedMessages,
    run: async (primitives, [publicKey = EMPTY, message = EMPTY, signature = EMPTY]) =>
      strictSignature(suiteOf(primitives).signature).verify(publicKey, message, signature),
  },
};

/** Index of a bit within this many bytes, or after them. */
function bytesAt(size: number): fc.Arbitrary<Uint8Array> {
  return fc.nat(size * 16).map(bytesOfNumber);
}

/** Result of an operation as text, or its rejection. */
export async function outcomeOf(
  name: string,
  primitives: Primitives,
  inputs: readonly Uint8Array[],
): Promise<string> {
  try {
    const result = await operations[name]?.run(primitives, inputs);
    return result instanceof Uint8Array ? bytesToHex(result) : String(result);
  } catch {
    return "refused";
  }
}
