import { bytesToHex, utf8ToBytes } from "@demls/wire/core";
import { decryptWithLabel } from "ts-mls/crypto/hpke.js";
import { refhash } from "ts-mls/crypto/hash.js";
import { deriveSecret, deriveTreeSecret, expandWithLabel } from "ts-mls/crypto/kdf.js";
import { signWithLabel, verifyWithLabel } from "ts-mls/crypto/signature.js";
import { expect } from "vitest";
import { createCiphersuite } from "../../../src/crypto/ciphersuite.js";
import type { Primitives } from "../../../src/crypto/primitives.js";
import { drawing, unhex } from "./bytes.js";

/** Test vector for all implementations of the primitives. */
export interface PrimitivesCase {
  readonly name: string;
  run(primitives: Primitives): Promise<void>;
}

const EMPTY = new Uint8Array(0);

const ED25519_TESTS = [
  {
    name: "test 1",
    privateKey: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    publicKey: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    message: "",
    signature:
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
  },
  {
    name: "test 2",
    privateKey: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
    publicKey: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    message: "72",
    signature:
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
  },
  {
    name: "test 3",
    privateKey: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
    publicKey: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
    message: "af82",
    signature:
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
  },
];

/** The second u coordinate has the highest bit set, which must be masked. */
const X25519_TESTS = [
  {
    name: "first",
    scalar: "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
    u: "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
    product: "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
  },
  {
    name: "second",
    scalar: "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
    u: "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
    product: "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957",
  },
];

/** RFC 9180, appendix A.1.1. */
const HPKE_TEST = {
  info: unhex("4f6465206f6e2061204772656369616e2055726e"),
  ephemeralIkm: unhex("7268600d403fce431561aef583ee1613527cff655c1343f29812e66706df3234"),
  enc: "37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431",
  recipientIkm: unhex("6db9df30aa07dd42ee5e8181afdb977e538f5e1fec8a06223f33f7013e525037"),
  recipientPrivateKey: "4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8",
  recipientPublicKey: "3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d",
  plaintext: unhex("4265617574792069732074727574682c20747275746820626561757479"),
  aad: unhex("436f756e742d30"),
  ciphertext: "f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a",
  exportedUnderNoContext: "3853fe2b4035195a573ffc53856e77058e15d9ea064de3e59f4961d0095250ee",
};

/** The MLS working group's crypto-basics.json for ciphersuite 1. */
const MLS_TEST = {
  deriveSecret: {
    secret: "51bcdc853b2fffd6c0ce55953e99ce3f47c1135a35154422e71b313a088e5925",
    out: "fd12ac470b9a57a72290f77d437f28afabb7b4ef80b22c362aa7aa6dea9eeaf0",
  },
  deriveTreeSecret: {
    generation: 2694881440,
    secret: "7620af0827ddd6506a20fe3716458f48fd89715d1396ee578eff0750dd1ab926",
    out: "f85fe97705982d10dbead53c4f83318479c2211e994bcf1ba615f0d8f66d6016",
  },
  encryptWithLabel: {
    ciphertext:
      "9fa3af0beaef151947d8af1a45cbc940181cc901d1437d7fc85e4dcb38a3273e730d414abee7eba789a5a55dbbce4cc7",
    context: "86a8fab1597b2d3fc1498464259eb50852a36f5554589c747f2d6c1fbc67c3d4",
    kemOutput: "fde840e33c794491db60c2c20e26738b8756b045b33f44bf93b5551fdffbdc5c",
    plaintext: "dce54bc43e1bee8c4a9f6224ee9959d171c379c43d05383861307d3e52469a3f",
    privateKey: "aa986a7941001bf2f509c54d8f61a5b419c8a0ff02634cf1ccea35b56c8fb002",
  },
  expandWithLabel: {
    context: "9492c562f40b5b40d7bc1da471e9532fee88371ef86f2fc85f0f2a4dc7e9ae81",
    secret: "5c96b1772964bd54abf1a8d04d3bf699a7fe7b8fd631caf33a0440f699843e3e",
    out: "c7dfff34de8da81aa8dd85828ad05344",
  },
  refHash: {
    value: "d322a8468c26e37b1f0f6664e91c1b81f0c3ba87ff1903604426d512e2451d6f",
    out: "a00d38eb47333e317599170dfbe420cbc542d7e615d27861935bc4200ccb6daa",
  },
  signWithLabel: {
    content: "ac833a785a00dc0a8e4d777d7b37ad403a33916334306730d4ce2e359e49169c",
    privateKey: "6db310bb3cb063f3fc498e048dbd33885b260a7ee606c8ebd5231d2258b6e572",
    publicKey: "fa69d57b300537d17953e7292ceff3dd3a6b0284d1e5aa5bc35db01dd9ce78a4",
    signature:
      "8227e8cb94513227ebca109f6846c1c2d2952e11871e46bb571a9b0173e9cca9a1937e6855183e4059669167908a36614bad713f914766f5d7ea8393c995d009",
  },
};

/** Published test vectors for all primitives of ciphersuite 0x0001. */
export const publishedVectors: readonly PrimitivesCase[] = [
  ...ED25519_TESTS.map(({ name, privateKey, publicKey, message, signature }) => ({
    name: `signs and verifies RFC 8032 § 7.1, ${name}`,
    async run({ ed25519 }: Primitives) {
      expect(bytesToHex(await ed25519.publicKey(unhex(privateKey)))).toBe(publicKey);
      expect(bytesToHex(await ed25519.sign(unhex(privateKey), unhex(message)))).toBe(signature);
      expect(await ed25519.verify(unhex(publicKey), unhex(message), unhex(signature))).toBe(true);
    },
  })),
  ...X25519_TESTS.map(({ name, scalar, u, product }) => ({
    name: `multiplies as the ${name} test vector of RFC 7748 § 5.2 does`,
    async run({ x25519 }: Primitives) {
      expect(bytesToHex(await x25519.sharedSecret(unhex(scalar), unhex(u)))).toBe(product);
    },
  })),
  {
    name: "hashes FIPS 180-4's abc, and a message too long for noble",
    async run({ sha256 }) {
      expect(bytesToHex(await sha256(utf8ToBytes("abc")))).toBe(
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
      );
      expect(bytesToHex(await sha256(new Uint8Array(1_000_000).fill(0x61)))).toBe(
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
      );
    },
  },
  {
    name: "extracts and expands RFC 5869, test case 1",
    async run(primitives) {
      const { kdf } = createCiphersuite(primitives, drawing(EMPTY));
      const prk = await kdf.extract(unhex("000102030405060708090a0b0c"), new Uint8Array(22).fill(0x0b));
      expect(bytesToHex(prk)).toBe("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5");
      expect(bytesToHex(await kdf.expand(prk, unhex("f0f1f2f3f4f5f6f7f8f9"), 42))).toBe(
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
      );
    },
  },
  {
    name: "seals test case 2 of the GCM specification",
    async run({ aesGcm }) {
      const sealed = await aesGcm.seal(new Uint8Array(16), new Uint8Array(12), EMPTY, new Uint8Array(16));
      expect(bytesToHex(sealed)).toBe("0388dace60b6a392f328c2b971b2fe78ab6e47d42cec13bdf53a67b21257bddf");
    },
  },
  {
    name: "derives, seals, opens and exports RFC 9180 § A.1.1",
    async run(primitives) {
      const { info, plaintext, aad, ...test } = HPKE_TEST;
      const suite = () => createCiphersuite(primitives, drawing(test.ephemeralIkm)).hpke;
      const hpke = suite();
      const recipient = await hpke.deriveKeyPair(test.recipientIkm);
      expect(bytesToHex(await hpke.exportPrivateKey(recipient.privateKey))).toBe(test.recipientPrivateKey);
      expect(bytesToHex(await hpke.exportPublicKey(recipient.publicKey))).toBe(test.recipientPublicKey);
      const { enc, ct } = await hpke.seal(recipient.publicKey, plaintext, info, aad);
      expect({ enc: bytesToHex(enc), ct: bytesToHex(ct) }).toEqual({ enc: test.enc, ct: test.ciphertext });
      expect(await hpke.open(recipient.privateKey, enc, ct, info, aad)).toEqual(plaintext);
      const exported = await suite().exportSecret(recipient.publicKey, EMPTY, 32, info);
      expect(bytesToHex(exported.secret)).toBe(test.exportedUnderNoContext);
      expect(await hpke.importSecret(recipient.privateKey, EMPTY, enc, 32, info)).toEqual(exported.secret);
    },
  },
  {
    name: "derives, hashes, signs and decrypts with labels as RFC 9420 § 5 has it",
    async run(primitives) {
      const { hash, hpke, kdf, signature } = createCiphersuite(primitives, drawing(EMPTY));
      const { deriveSecret: derive, deriveTreeSecret: tree, expandWithLabel: expand } = MLS_TEST;
      expect(bytesToHex(await deriveSecret(unhex(derive.secret), "DeriveSecret", kdf))).toBe(derive.out);
      const treeSecret = deriveTreeSecret(unhex(tree.secret), "DeriveTreeSecret", tree.generation, 32, kdf);
      expect(bytesToHex(await treeSecret)).toBe(tree.out);
      const expanded = expandWithLabel(
        unhex(expand.secret),
        "ExpandWithLabel",
        unhex(expand.context),
        16,
        kdf,
      );
      expect(bytesToHex(await expanded)).toBe(expand.out);
      const { refHash, signWithLabel: sign, encryptWithLabel: encrypted } = MLS_TEST;
      expect(bytesToHex(await refhash("RefHash", unhex(refHash.value), hash))).toBe(refHash.out);
      const [content, label] = [unhex(sign.content), "SignWithLabel"];
      const verified = verifyWithLabel(
        unhex(sign.publicKey),
        label,
        content,
        unhex(sign.signature),
        signature,
      );
      expect(await verified).toBe(true);
      const signed = signWithLabel(unhex(sign.privateKey), label, content, signature);
      expect(bytesToHex(await signed)).toBe(sign.signature);
      const opened = await decryptWithLabel(
        await hpke.importPrivateKey(unhex(encrypted.privateKey)),
        "EncryptWithLabel",
        unhex(encrypted.context),
        unhex(encrypted.kemOutput),
        unhex(encrypted.ciphertext),
        hpke,
      );
      expect(bytesToHex(opened)).toBe(encrypted.plaintext);
    },
  },
];
