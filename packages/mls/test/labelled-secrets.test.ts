import { bytesToHex, hexToBytes, utf8ToBytes } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import type { MlsGroup } from "../src/index.js";
import { createWebCrypto } from "../src/crypto/provider-web.js";
import { clientState, groupOf, member, seededRandom } from "./group-members.js";

function unhex(hex: string): Uint8Array {
  return hexToBytes(hex) ?? new Uint8Array();
}

/** The same group with another exporter secret. */
function withExporterSecret(group: MlsGroup, exporterSecret: Uint8Array): MlsGroup {
  const state = clientState(group);
  return { ...group, state: { ...state, keySchedule: { ...state.keySchedule, exporterSecret } } };
}

describe("exportSecret", () => {
  // key-schedule.json of the MLS working group, ciphersuite 1, epochs 0 and 1. The label is the hex as text.
  test.each([
    [
      "5a097e149f2a375d0b9e1d1f4dc3a9c6c1788df888e5441f41a8791f4dc56cea",
      "9ba13d54ecdec7cbefcb47b4268d7b1990fabc6d6e67681e167959389d84e4e4",
      "884f1af892ab002f5be4c5d5081ade9e0e6418c6ea7a9a92e90534f19dcef785",
      "dbce4e25e59ab4dfa6f6200f113ed08393cf6e7286d024811141c6a4dd11c0cb",
    ],
    [
      "047d983048b132b79ea4e2e578afd02a0f4717d166cefe46e43e2e965b5c9f4e",
      "ed66d7f1da52171ac9448f0f902edcfefa4ebbda843a43bd3d173cb7c5b4331e",
      "02dc18fc5bc4d9093cf41fa0053521653775b123784d40ac7d46cc5a72ef4d46",
      "a702c3e70a89c06eae51aec3675918a4ee7698ae88c596dfb7abd1ed3a9ecf5e",
    ],
  ])("derives the published secret from %s", async (exporterSecret, label, context, secret) => {
    const alice = await member("alice");
    const group = withExporterSecret(await alice.createGroup("garden"), unhex(exporterSecret));
    expect(bytesToHex(await alice.exportSecret(group, label, unhex(context), 32))).toBe(secret);
  });

  test("rejects a length out of range, with the field and a remedy", async () => {
    const alice = await member("alice");
    const group = await alice.createGroup("garden");
    for (const length of [0, 256, 1.5, -1, NaN, Infinity])
      await expect(alice.exportSecret(group, "label", new Uint8Array(), length)).rejects.toMatchObject({
        code: "invalid-export-length",
        field: "length",
        remedy: expect.any(String) as string,
      });
  });
});

describe("sign and verify", () => {
  // crypto-basics.json of the MLS working group, ciphersuite 1.
  const published = {
    privateKey: "a2f640dd5005fcad6adb8e9bd8b60d70946bb802e1e788307929fdac81e1ec74",
    publicKey: "85600e54e5c2919ccbd0742126e5d837cf7a2ba50d75a69b3f35dcfe4a50ffe2",
    content: "cd289cc7ba2869f64f3c32ffd133f500d17abace919a5ffe7faa974200d81932",
    signature:
      "996bd223ddb4d55a2b57d85cb2944f21facc95696053ddf66d590060fdc719f4a26c6212ce605414e0d5e66a55921dd99d11122218c35bc23408b0076e8bc40b",
  };

  test("make and accept the published signature", async () => {
    const [privateKey, publicKey] = [unhex(published.privateKey), unhex(published.publicKey)];
    const signer = await member("alice", { signatureKeyPair: { privateKey, publicKey } });
    const content = unhex(published.content);
    const group = await signer.createGroup("garden");
    expect(bytesToHex(await signer.sign(group, "SignWithLabel", content))).toBe(published.signature);
    const bob = await member("bob");
    const signature = unhex(published.signature);
    expect(await bob.verify(publicKey, "SignWithLabel", content, signature)).toBe(true);
    expect(await bob.verify(publicKey, "SignWithLabe", content, signature)).toBe(false);
  });

  test("reject a key and a nonce of small order, as for messages", async () => {
    const bob = await member("bob");
    const identityPoint = Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 1 : 0));
    const signature = new Uint8Array(64);
    signature.set(identityPoint);
    expect(await bob.verify(identityPoint, "label", utf8ToBytes("content"), signature)).toBe(false);
  });
});

test("Both platforms export, sign and encrypt alike", async () => {
  const [alice] = await groupOf(["alice", "bob"]);
  if (alice === undefined) throw new Error("unreachable");
  const { mls, group } = alice;
  const keys = { privateKey: mls.signaturePrivateKey, publicKey: mls.signaturePublicKey };
  const web = await member("alice", {
    signatureKeyPair: keys,
    crypto: createWebCrypto(seededRandom("web")),
  });
  const [content, none] = [utf8ToBytes("content"), new Uint8Array()];
  const key = await mls.exportSecret(group, "label", content, 16);
  expect(await web.exportSecret(group, "label", content, 16)).toEqual(key);
  expect(await web.sign(group, "label", content)).toEqual(await mls.sign(group, "label", content));
  const nonce = new Uint8Array(12);
  const sealed = await web.sealWithKey(key, nonce, none, content);
  expect(sealed).toEqual(await mls.sealWithKey(key, nonce, none, content));
  expect(await web.openWithKey(key, nonce, content, sealed)).toBeUndefined();
  expect(await web.openWithKey(key, nonce, none, sealed)).toEqual(content);
  for (const length of [0, 15, 16]) {
    expect(await web.openWithKey(key, nonce, none, sealed.subarray(0, length))).toBeUndefined();
    expect(await mls.openWithKey(key, nonce, none, sealed.subarray(0, length))).toBeUndefined();
  }
});
