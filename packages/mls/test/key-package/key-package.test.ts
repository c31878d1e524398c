import { bytesToHex, bytesToUtf8, concatBytes, tlsUint64, tlsVector, utf8ToBytes } from "@demls/wire/core";
import fc from "fast-check";
import { encodeKeyPackage } from "ts-mls/keyPackage.js";
import { describe, expect, test } from "vitest";
import { decodeKeyPackageJson, encodeKeyPackageJson } from "../../src/key-package/json.js";
import type { KeyPackageModel } from "../../src/key-package/model.js";
import { writeKeyPackage } from "../../src/key-package/encoding.js";
import { decodeKeyPackageTls, encodeKeyPackageTls } from "../../src/key-package/tls.js";
import { LEAF_BINDING, MAX_IDENTITY_BYTES, MAX_KEY_PACKAGE_BYTES, STRICT_MARKER } from "../../src/index.js";
import { member, RECORDED_MS } from "../group-members.js";
import { twistedKeyPackage } from "../forged-candidates.js";

const uint16 = fc.integer({ min: 0, max: 0xffff });
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const bytes = fc.uint8Array({ maxLength: 80 });
const extension = fc.oneof(
  bytes.map((id) => ({ type: 1, data: tlsVector(id) })),
  fc.constant({ type: 10, data: new Uint8Array(0) }),
  fc.record({ type: fc.integer({ min: 11, max: 0xffff }), data: bytes }),
);

/** Any key package that both forms can represent. */
const model: fc.Arbitrary<KeyPackageModel> = fc.record({
  version: uint16,
  ciphersuite: fc.constantFrom(1, 2, 3, 4, 5, 6, 7, 77),
  initKey: bytes,
  leaf: fc.record({
    encryptionKey: bytes,
    signatureKey: bytes,
    credentialType: uint16,
    credentialContent: fc.uint8Array({ maxLength: 300 }),
    capabilities: fc.record({
      versions: fc.array(uint16),
      ciphersuites: fc.array(uint16),
      extensions: fc.array(uint16),
      proposals: fc.array(uint16),
      credentials: fc.array(uint16),
    }),
    notBefore: uint64,
    notAfter: uint64,
    extensions: fc.array(extension, { maxLength: 3 }),
    signature: bytes,
  }),
  extensions: fc.array(extension, { maxLength: 3 }),
  signature: bytes,
});

/** An encoded binding of a leaf. */
function binding(
  admission: Uint8Array,
  proof: Uint8Array,
  replaces = new Uint8Array(0),
  since = 5n,
  name: Uint8Array = new Uint8Array(0),
  boundTo: readonly [conversation: Uint8Array, groupId: Uint8Array] = [new Uint8Array(0), new Uint8Array(0)],
): Uint8Array {
  const head = concatBytes(tlsVector(admission), tlsVector(proof), tlsUint64(since));
  return concatBytes(head, tlsVector(replaces), tlsVector(name), ...boundTo.map((field) => tlsVector(field)));
}

describe("the JSON and TLS forms of a key package", () => {
  test("round-trip any key package that both can represent", () => {
    fc.assert(
      fc.property(model, (keyPackage) => {
        const json = encodeKeyPackageJson(keyPackage);
        expect(json && decodeKeyPackageJson(json)).toEqual(keyPackage);
        expect(decodeKeyPackageTls(encodeKeyPackageTls(keyPackage))).toEqual(keyPackage);
      }),
    );
  });

  test("require times as numbers, as serde does", () => {
    fc.assert(
      fc.property(model, (keyPackage) => {
        const json = bytesToUtf8(encodeKeyPackageJson(keyPackage) ?? new Uint8Array()) ?? "";
        const quoted = json.replace(/"not_before":(\d+)/, '"not_before":"$1"');
        expect(decodeKeyPackageJson(utf8ToBytes(quoted))).toBeUndefined();
      }),
      { numRuns: 20 },
    );
  });

  test("are read in linear time, even with half a megabyte of unterminated quotes", () => {
    const quotes = `{"payload":"${'\\"'.repeat(2 ** 18)}`;
    expect(decodeKeyPackageJson(utf8ToBytes(quotes))).toBeUndefined();
  });

  test("decode any bytes to a key package or undefined", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (input) => {
        const tls = decodeKeyPackageTls(input);
        if (tls !== undefined) expect(encodeKeyPackageTls(tls)).toEqual(input);
        decodeKeyPackageJson(input);
      }),
    );
  });

  test("decode any JSON to a key package or undefined", () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(decodeKeyPackageJson(utf8ToBytes(json))).toBeUndefined();
      }),
    );
  });

  const base: KeyPackageModel = {
    version: 1,
    ciphersuite: 1,
    initKey: Uint8Array.of(1),
    leaf: {
      encryptionKey: Uint8Array.of(2),
      signatureKey: Uint8Array.of(3),
      credentialType: 1,
      credentialContent: Uint8Array.of(4),
      capabilities: {
        versions: [1, 7],
        ciphersuites: [1, 0x0a0a],
        extensions: [1, 2, 3, 4, 5, 10, 0x0a0a, 0xf0de],
        proposals: [1, 2, 3, 4, 5, 6, 7, 10, 0x1a1a, 0xf000],
        credentials: [1, 2, 0x2a2a, 0xf000],
      },
      notBefore: 9_007_199_254_740_993n,
      notAfter: 18_446_744_073_709_551_615n,
      extensions: [{ type: 1, data: Uint8Array.of(1, 9) }],
      signature: Uint8Array.of(5),
    },
    extensions: [
      { type: 10, data: new Uint8Array(0) },
      { type: 61456, data: Uint8Array.of(1, 2, 3) },
    ],
    signature: Uint8Array.of(6),
  };

  test("encode names, unknown numbers and 64-bit times as OpenMLS's serde does", () => {
    expect(bytesToUtf8(encodeKeyPackageJson(base) ?? new Uint8Array(0))).toBe(
      '{"payload":{"protocol_version":"Mls10","ciphersuite":"MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519",' +
        '"init_key":{"key":{"vec":[1]}},"leaf_node":{"payload":{"encryption_key":{"key":{"vec":[2]}},' +
        '"signature_key":{"value":{"vec":[3]}},"credential":{"credential_type":"Basic",' +
        '"serialized_credential_content":{"vec":[4]}},"capabilities":{"versions":["Mls10",{"Other":7}],' +
        '"ciphersuites":[1,2570],"extensions":["ApplicationId","RatchetTree","RequiredCapabilities","ExternalPub",' +
        '"ExternalSenders","LastResort",{"Grease":2570},{"Unknown":61662}],"proposals":["Add","Update","Remove",' +
        '"PreSharedKey","Reinit","ExternalInit","GroupContextExtensions","SelfRemove",{"Grease":6682},' +
        '{"Custom":61440}],"credentials":["Basic","X509",{"Grease":10794},{"Other":61440}]},' +
        '"leaf_node_source":{"KeyPackage":{"not_before":9007199254740993,"not_after":18446744073709551615}},' +
        '"extensions":{"unique":[{"ApplicationId":{"key_id":{"vec":[9]}}}]}},"signature":{"value":{"vec":[5]}}},' +
        '"extensions":{"unique":[{"LastResort":{}},{"Unknown":[61456,[1,2,3]]}]}},"signature":{"value":{"vec":[6]}}}',
    );
  });

  test("are not encoded as JSON without a JSON representation", () => {
    expect(encodeKeyPackageJson({ ...base, ciphersuite: 8 })).toBeUndefined();
    expect(
      encodeKeyPackageJson({ ...base, extensions: [{ type: 2, data: new Uint8Array(0) }] }),
    ).toBeUndefined();
  });

  const text = bytesToUtf8(encodeKeyPackageJson(base) ?? new Uint8Array(0)) ?? "";
  test.each([
    ["a byte over 255", '{"vec":[1]}', '{"vec":[256]}'],
    ["a time over 64 bits", "18446744073709551615", "18446744073709551616"],
    ["a fractional time", "18446744073709551615", "1.5"],
    ["a negative time", "18446744073709551615", "-1"],
    ["an unknown name", '"Basic","X509"', '"Basic","X510"'],
    ["an unknown suite", "MLS_128_DHKEMX25519_AES128GCM", "MLS_128_ROT13"],
    ["a missing field", '"init_key"', '"initial_key"'],
    ["a number over 16 bits", '{"Other":7}', '{"Other":65536}'],
    ["two variants at once", '{"Other":7}', '{"Other":7,"Grease":2570}'],
    ["a leaf of another source", '"KeyPackage"', '"Commit"'],
    ["an extension of the group context", '{"LastResort":{}}', '{"RequiredCapabilities":{}}'],
  ])("are rejected with %s in the JSON", (_name, found, replacement) => {
    expect(text).toContain(found);
    expect(decodeKeyPackageJson(utf8ToBytes(text.replace(found, replacement)))).toBeUndefined();
  });
});

describe("an own key package", () => {
  test.each(["json", "tls"] as const)(
    "in form %s is valid, supports the strict marker and has the right reference",
    async (form) => {
      const alice = await member("alice", { keyPackageEncoding: form });
      const own = await alice.generateKeyPackage();
      expect(own.bytes[0]).toBe(form === "json" ? 0x7b : 0);
      const valid = {
        ok: true,
        identity: alice.identity,
        reference: own.reference,
        notAfterSeconds: BigInt(RECORDED_MS / 1000) + 84n * 24n * 3600n,
      };
      expect(await alice.inspectKeyPackage(own.bytes)).toMatchObject(valid);
      const bob = await member("bob");
      const strict = await bob.createGroup("garden", { requiredExtensions: [STRICT_MARKER] });
      expect(await bob.canAdd(strict, own.bytes)).toMatchObject(valid);
    },
  );

  test("is valid for 84 days from an hour before its creation, by the injected clock", async () => {
    let wallMs = RECORDED_MS;
    const alice = await member("alice", { wallMs: () => wallMs });
    const { bytes: keyPackage } = await alice.generateKeyPackage();
    const dayMs = 24 * 3_600_000;
    const at = async (ms: number) => {
      wallMs = ms;
      const found = await alice.inspectKeyPackage(keyPackage);
      return found.ok ? "valid" : found.reason;
    };
    expect(await at(RECORDED_MS - 3_600_000)).toBe("not-yet-valid");
    expect(await at(RECORDED_MS - 3_599_000)).toBe("valid");
    expect(await at(RECORDED_MS + 84 * dayMs - 1000)).toBe("valid");
    expect(await at(RECORDED_MS + 84 * dayMs)).toBe("expired");
  });

  test("differs each time, using only the injected randomness", async () => {
    const [one, two] = [await member("alice"), await member("alice")];
    const first = await one.generateKeyPackage();
    expect(await two.generateKeyPackage()).toEqual(first);
    expect((await one.generateKeyPackage()).reference).not.toBe(first.reference);
  });
});

describe("a correctly signed key package", () => {
  const now = BigInt(RECORDED_MS / 1000);

  test("is rejected if its lifetime is longer than OpenMLS accepts", async () => {
    const lifetime = { notBefore: now - 10n, notAfter: now - 10n + 7_261_201n };
    const found = await (
      await member("alice")
    ).inspectKeyPackage(encodeKeyPackage(await twistedKeyPackage("dave", { lifetime })));
    expect(found).toEqual({ ok: false, reason: "lifetime-too-long" });
  });

  test("is rejected if a key has small order, because no welcome could be encrypted to it", async () => {
    const initPublicKey = new Uint8Array(32);
    const found = await (
      await member("alice")
    ).inspectKeyPackage(encodeKeyPackage(await twistedKeyPackage("dave", { initPublicKey })));
    expect(found).toEqual({ ok: false, reason: "unusable-keys" });
  });

  test("is rejected if its identity is empty", async () => {
    const found = await (
      await member("alice")
    ).inspectKeyPackage(encodeKeyPackage(await twistedKeyPackage("")));
    expect(found).toEqual({ ok: false, reason: "not-basic-credential" });
  });

  test("is rejected if its size or its identity exceeds the limit", async () => {
    const alice = await member("alice");
    const padded = (length: number) => {
      const json = writeKeyPackage(dave, "json");
      const spaces = new Uint8Array(length - json.length).fill(0x20);
      return alice.inspectKeyPackage(Uint8Array.from([...json, ...spaces]));
    };
    const dave = await twistedKeyPackage("dave");
    expect(await padded(MAX_KEY_PACKAGE_BYTES)).toMatchObject({ ok: true });
    expect(await padded(MAX_KEY_PACKAGE_BYTES + 1)).toEqual({ ok: false, reason: "too-large" });
    const named = async (length: number) =>
      alice.inspectKeyPackage(encodeKeyPackage(await twistedKeyPackage("d".repeat(length))));
    expect(await named(MAX_IDENTITY_BYTES)).toMatchObject({ ok: true });
    expect(await named(MAX_IDENTITY_BYTES + 1)).toEqual({ ok: false, reason: "too-large" });
  });

  const bound = (extensionData: Uint8Array) => ({
    leafExtensions: [{ extensionType: LEAF_BINDING, extensionData }],
  });
  const admission = new Uint8Array(16).fill(7);

  const named = (name: string | Uint8Array): Uint8Array =>
    binding(
      admission,
      Uint8Array.of(1),
      undefined,
      undefined,
      typeof name === "string" ? utf8ToBytes(name) : name,
    );

  const forGroup = (conversation: string, groupId = new Uint8Array(0)): Uint8Array =>
    binding(admission, Uint8Array.of(1), undefined, undefined, undefined, [
      utf8ToBytes(conversation),
      groupId,
    ]);

  test.each<readonly [string, Uint8Array]>([
    ["nothing", Uint8Array.of()],
    ["no proof", tlsVector(admission)],
    ["no replaced leaves", concatBytes(tlsVector(admission), tlsVector(Uint8Array.of(1)), tlsUint64(5n))],
    ["no time of the key", concatBytes(tlsVector(admission), tlsVector(Uint8Array.of(1)), tlsVector())],
    [
      "a key of no time that a date can hold",
      binding(admission, Uint8Array.of(1), undefined, 8_640_000_000_001n),
    ],
    ["a cut admission of a replaced leaf", binding(admission, Uint8Array.of(1), admission.subarray(1))],
    ["five replaced leaves", binding(admission, Uint8Array.of(1), new Uint8Array(80))],
    ["a short admission", binding(admission.subarray(1), Uint8Array.of(1))],
    ["a long admission", binding(new Uint8Array(17), Uint8Array.of(1))],
    ["a cut proof", concatBytes(tlsVector(admission), tlsVector(new Uint8Array(65))).subarray(0, -1)],
    ["a proof of 257 bytes", binding(admission, new Uint8Array(257))],
    ["no name", binding(admission, Uint8Array.of(1)).subarray(0, -1)],
    ["a name of 65 bytes", named("x".repeat(65))],
    ["a blank name", named(" ")],
    ["a name with a line break", named("Alice\nBob")],
    ["a name that reverses the text around it", named("\u202egnat")],
    ["a name that is not UTF-8", named(Uint8Array.of(0xff))],
    ["a group id without a conversation", forGroup("", new Uint8Array(16))],
    ["a conversation of 256 bytes", forGroup("x".repeat(256))],
    ["a group id of 256 bytes", forGroup("garden", new Uint8Array(256))],
    ["no group id", forGroup("garden").subarray(0, -1)],
    ["more than these", concatBytes(binding(admission, Uint8Array.of(1)), Uint8Array.of(0))],
  ])("is rejected if its leaf's binding has %s", async (_what, data) => {
    const keyPackage = await twistedKeyPackage("dave", bound(data));
    const found = await (await member("alice")).inspectKeyPackage(encodeKeyPackage(keyPackage));
    expect(found).toEqual({ ok: false, reason: "malformed-binding" });
  });

  test("is read with the binding of its leaf", async () => {
    const proof = new Uint8Array(256).fill(9);
    const keyPackage = await twistedKeyPackage(
      "dave",
      bound(binding(admission, proof, new Uint8Array(32).fill(3), undefined, utf8ToBytes("Dave"))),
    );
    const found = await (await member("alice")).inspectKeyPackage(encodeKeyPackage(keyPackage));
    const replaced = new Uint8Array(16).fill(3);
    expect(found).toMatchObject({
      ok: true,
      admission,
      identityProof: proof,
      keySince: 5,
      replaces: [replaced, replaced],
      claimedName: "Dave",
    });
  });

  test.each([
    [forGroup("garden", Uint8Array.of(1, 0xab)), { name: "garden", groupId: "01ab" }],
    [forGroup("x".repeat(255)), { name: "x".repeat(255), groupId: undefined }],
    [forGroup(""), undefined],
  ])("is read with the group that it is for", async (data, boundTo) => {
    const keyPackage = await twistedKeyPackage("dave", bound(data));
    const found = await (await member("alice")).inspectKeyPackage(encodeKeyPackage(keyPackage));
    expect(found).toMatchObject({ ok: true, boundTo });
  });

  test("has neither without the binding, as in de-mls 3.0.0", async () => {
    const found = await (
      await member("alice")
    ).inspectKeyPackage(encodeKeyPackage(await twistedKeyPackage("dave")));
    expect(found).toMatchObject({ ok: true, admission: undefined, identityProof: undefined });
  });

  test("is accepted if it lists the extension that it carries", async () => {
    const unknown = { extensionType: 0xf123, extensionData: Uint8Array.of(1) };
    const twist = { extensions: [unknown], capabilities: { extensions: [0xf123] } };
    const found = await (
      await member("alice")
    ).inspectKeyPackage(encodeKeyPackage(await twistedKeyPackage("dave", twist)));
    expect(found).toMatchObject({
      ok: true,
      identity: bytesToHex(utf8ToBytes("dave")),
    });
  });
});
