import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { ed25519 } from "@noble/curves/ed25519.js";
import { bytesToHex, hexToBytes, utf8ToBytes } from "@demls/wire/core";
import { defaultCryptoProvider, getCiphersuiteFromName, type CiphersuiteImpl } from "ts-mls";
import { describe, expect, test } from "vitest";
import { isSmallOrderPoint, strictSignature } from "../../src/crypto/ed25519-strictness.js";
import { canEncryptTo } from "../../src/crypto/x25519-strictness.js";
import { createNodeCrypto } from "../../src/crypto/provider-node.js";
import { createWebCrypto } from "../../src/crypto/provider-web.js";
import { STRICT_MARKER } from "../../src/index.js";
import { member, seededRandom } from "../group-members.js";
import { CIPHERSUITE } from "../../src/crypto/ciphersuite.js";

const random = seededRandom("crypto");
const ciphersuite = getCiphersuiteFromName(CIPHERSUITE);
const onNode = await createNodeCrypto(random).getCiphersuiteImpl(ciphersuite);
const onWeb = await createWebCrypto(random).getCiphersuiteImpl(ciphersuite);
const reference = await defaultCryptoProvider.getCiphersuiteImpl(ciphersuite);

const DATA = utf8ToBytes("a message");
const KEY = random.bytes(16);
const NONCE = random.bytes(12);
const AAD = utf8ToBytes("beside it");

describe("the Node provider", () => {
  test("hashes, derives and authenticates as WebCrypto does", async () => {
    expect(await onNode.hash.digest(DATA)).toEqual(await reference.hash.digest(DATA));
    const mac = await reference.hash.mac(KEY, DATA);
    expect(await onNode.hash.mac(KEY, DATA)).toEqual(mac);
    expect(await onNode.hash.verifyMac(KEY, mac, DATA)).toBe(true);
    expect(await onNode.hash.verifyMac(KEY, mac.slice(1), DATA)).toBe(false);
    const salt = random.bytes(32);
    const prk = await onNode.kdf.extract(salt, DATA);
    expect(prk).toEqual(await reference.kdf.extract(salt, DATA));
    for (const length of [12, 32, 33, 100])
      expect(await onNode.kdf.expand(prk, AAD, length)).toEqual(await reference.kdf.expand(prk, AAD, length));
    await expect(onNode.kdf.expand(prk, AAD, 255 * 32 + 1)).rejects.toThrow("at most 8160 bytes");
  });

  test("authenticates as WebCrypto does, for any lengths of key and data", async () => {
    for (const keyLength of [1, 32, 64, 65, 200])
      for (const dataLength of [0, 1, 959, 960, 961, 5_000]) {
        const [key, data] = [random.bytes(keyLength), random.bytes(dataLength)];
        const lengths = `${keyLength} and ${dataLength}`;
        expect(await onNode.hash.mac(key, data), lengths).toEqual(await reference.hash.mac(key, data));
      }
  });

  test("encrypts as WebCrypto does, and rejects altered or too short ciphertexts", async () => {
    const sealed = await onNode.hpke.encryptAead(KEY, NONCE, AAD, DATA);
    expect(sealed).toEqual(await reference.hpke.encryptAead(KEY, NONCE, AAD, DATA));
    expect(await onNode.hpke.decryptAead(KEY, NONCE, AAD, sealed)).toEqual(DATA);
    await expect(onNode.hpke.decryptAead(KEY, NONCE, DATA, sealed)).rejects.toThrow();
    await expect(onNode.hpke.decryptAead(KEY, NONCE, AAD, new Uint8Array(5))).rejects.toThrow();
  });

  test.each([
    ["opens WebCrypto's ciphertexts", reference, onNode],
    ["seals for WebCrypto", onNode, reference],
  ])("%s with HPKE", async (_name, sender, recipient) => {
    const ikm = random.bytes(32);
    const [ours, theirs] = [await onNode.hpke.deriveKeyPair(ikm), await reference.hpke.deriveKeyPair(ikm)];
    const publicKey = await onNode.hpke.exportPublicKey(ours.publicKey);
    expect(publicKey).toEqual(await reference.hpke.exportPublicKey(theirs.publicKey));
    const { enc, ct } = await sender.hpke.seal(await sender.hpke.importPublicKey(publicKey), DATA, AAD);
    const privateKey = await onNode.hpke.exportPrivateKey(ours.privateKey);
    const key = await recipient.hpke.importPrivateKey(privateKey);
    expect(await recipient.hpke.open(key, enc, ct, AAD)).toEqual(DATA);
    const exported = await sender.hpke.exportSecret(
      await sender.hpke.importPublicKey(publicKey),
      AAD,
      40,
      DATA,
    );
    expect(await recipient.hpke.importSecret(key, AAD, exported.enc, 40, DATA)).toEqual(exported.secret);
  });

  test("rejects an X25519 key of small order or of another length", async () => {
    const zero = await onNode.hpke.importPublicKey(new Uint8Array(32));
    await expect(onNode.hpke.seal(zero, DATA, AAD)).rejects.toThrow();
    await expect(onNode.hpke.importPublicKey(new Uint8Array(31))).rejects.toThrow();
  });

  test("encrypts to exactly the keys that a key package may have", async () => {
    const ofSmallOrder = [
      "00".repeat(32),
      `01${"00".repeat(31)}`,
      "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
      "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
      ...["ec", "ed", "ee"].map((lowest) => `${lowest}${"ff".repeat(30)}7f`),
    ].map((hex) => hexToBytes(hex) as Uint8Array<ArrayBuffer>);
    const others = [
      random.bytes(32),
      Uint8Array.of(9, ...new Uint8Array(31)),
      Uint8Array.of(2, ...new Uint8Array(31)),
    ];
    for (const key of [...ofSmallOrder, ...others]) {
      const topBitSet = Uint8Array.from(key);
      topBitSet[31] = (topBitSet[31] ?? 0) | 0x80;
      for (const spelling of [key, topBitSet]) {
        const sealing = onNode.hpke.importPublicKey(spelling).then((to) => onNode.hpke.seal(to, DATA, AAD));
        const worked = await sealing.then(
          () => true,
          () => false,
        );
        expect(canEncryptTo(spelling), bytesToHex(spelling)).toBe(worked);
        expect(worked, bytesToHex(spelling)).toBe(others.includes(key));
      }
    }
    expect(canEncryptTo(new Uint8Array(31).fill(9))).toBe(false);
  });

  test("signs and verifies as others do, with matching public keys", async () => {
    const { signKey, publicKey } = await onNode.signature.keygen();
    expect(publicKey).toEqual(ed25519.getPublicKey(signKey));
    const signature = await onNode.signature.sign(signKey, DATA);
    expect(signature).toEqual(ed25519.sign(DATA, signKey));
    expect(await onNode.signature.verify(publicKey, DATA, signature)).toBe(true);
    expect(await onNode.signature.verify(publicKey, AAD, signature)).toBe(false);
  });

  test("rejects other ciphersuites", async () => {
    const p256 = getCiphersuiteFromName("MLS_128_DHKEMP256_AES128GCM_SHA256_P256");
    await expect(createNodeCrypto(random).getCiphersuiteImpl(p256)).rejects.toMatchObject({
      code: "unsupported-ciphersuite",
    });
  });
});

describe("strict verification", () => {
  const strict = (suite: CiphersuiteImpl) => strictSignature(suite.signature);
  const identityPoint = Uint8Array.of(1, ...new Uint8Array(31));

  test.each([
    ["node:crypto", onNode],
    ["WebCrypto", onWeb],
  ])("over %s accepts valid signatures and returns false for malformed input", async (_n, suite) => {
    const privateKey = random.bytes(32);
    const publicKey = ed25519.getPublicKey(privateKey);
    const signature = await suite.signature.sign(privateKey, DATA);
    expect(await strict(suite).verify(publicKey, DATA, signature)).toBe(true);
    expect(await strict(suite).verify(publicKey, DATA, signature.slice(1))).toBe(false);
    expect(await strict(suite).verify(publicKey.slice(1), DATA, signature)).toBe(false);
    expect(await strict(suite).verify(new Uint8Array(32).fill(0xff), DATA, signature)).toBe(false);
  });

  test("rejects a key of small order, for which OpenSSL accepts one signature for every message", async () => {
    const forged = Uint8Array.of(...identityPoint, ...new Uint8Array(32));
    expect(await onNode.signature.verify(identityPoint, DATA, forged)).toBe(true);
    expect(await strict(onNode).verify(identityPoint, DATA, forged)).toBe(false);
  });

  test("rejects a nonce of small order, which OpenSSL accepts and dalek rejects", async () => {
    const order = ed25519.Point.Fn.ORDER;
    const privateKey = random.bytes(32);
    const publicKey = ed25519.getPublicKey(privateKey);
    const { scalar } = ed25519.utils.getExtendedPublicKey(privateKey);
    const hash = createHash("sha512").update(identityPoint).update(publicKey).update(DATA).digest();
    const challenge = BigInt(`0x${bytesToHex(hash.reverse())}`) % order;
    const s = ((challenge * scalar) % order).toString(16).padStart(64, "0");
    const signature = Uint8Array.of(...identityPoint, ...(hexToBytes(s) ?? []).reverse());
    expect(await onNode.signature.verify(publicKey, DATA, signature)).toBe(true);
    expect(await strict(onNode).verify(publicKey, DATA, signature)).toBe(false);
  });

  test("knows all encodings of the eight points of small order", () => {
    const encodings = smallOrderPoints().map(bytesToHex);
    expect(new Set(encodings).size).toBe(8);
    for (const point of smallOrderPoints()) expect(isSmallOrderPoint(point)).toBe(true);
    expect(isSmallOrderPoint(ed25519.Point.BASE.toBytes())).toBe(false);
  });

  test("does not mutate a key and a signature passed as Buffers", async () => {
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    const x = Buffer.from(publicKey.export({ format: "jwk" }).x ?? "", "base64url");
    const signature = sign(null, DATA, privateKey);
    signature[31] = (signature[31] ?? 0) | 0x80;
    const before = bytesToHex(signature);
    await strict(onNode).verify(x, DATA, signature);
    expect(bytesToHex(signature)).toBe(before);
    expect(await strict(onNode).verify(x, DATA, sign(null, DATA, privateKey))).toBe(true);
  });
});

describe("a service over the web provider", () => {
  test("creates the same keys as one over Node's, and shares groups with it", async () => {
    const [alice, bob] = [
      await member("alice", { crypto: createNodeCrypto(seededRandom("alice's")) }),
      await member("bob", { crypto: createWebCrypto(seededRandom("bob's")) }),
    ];
    expect((await member("bob")).signaturePublicKey).toEqual(bob.signaturePublicKey);
    const own = await bob.generateKeyPackage();
    const group = await alice.createGroup("garden", { requiredExtensions: [STRICT_MARKER] });
    const { candidate } = await alice.createCandidate(group, [{ kind: "add", keyPackage: own.bytes }]);
    const outcome = await bob.join(candidate.welcome ?? new Uint8Array(0), [own]);
    if (outcome.kind !== "joined") throw new Error(outcome.kind);
    expect(outcome.group.epochAuthenticator).toEqual(candidate.next.epochAuthenticator);
    const sealed = await bob.seal(outcome.group, DATA);
    expect((await alice.open(candidate.next, sealed.message)).outcome).toMatchObject({ plaintext: DATA });
  });
});

/** The multiples of a point of order eight. */
function smallOrderPoints(): Uint8Array[] {
  const generator = ed25519.Point.fromHex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a");
  const points = [ed25519.Point.ZERO];
  for (let i = 1; i < 8; i++) points.push((points[i - 1] ?? ed25519.Point.ZERO).add(generator));
  return points.map((point) => point.toBytes());
}
