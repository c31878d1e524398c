import { bytesToHex, hexToBytes, memberIdFromBytes, utf8ToBytes, type MemberId } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import { loadVectors } from "../../../vectors/load.js";
import {
  readSignatureKeyPair,
  readStoredKeyPackage,
  type StorageEntry,
  type StoredKeyPair,
} from "../../../vectors/openmls-storage.js";
import {
  createMlsService,
  type MlsGroup,
  type MlsService,
  type OwnKeyPackage,
  type StagedCommit,
} from "../src/index.js";
import { parseKeyPackage, writeKeyPackage } from "../src/key-package/encoding.js";
import { RECORDED_MS, seededRandom } from "./group-members.js";

/** An MLS group id, which in 3.0.0 is the conversation's name. */
const hexOf = (name: string): string => bytesToHex(utf8ToBytes(name));

interface RecordedMember {
  readonly signature_key_pair: StoredKeyPair;
  readonly signature_public: string;
}
interface RecordedCommit {
  readonly proposals: readonly string[];
  readonly commit: string;
  readonly welcome: string | null;
}
interface RecordedKeyPackage {
  readonly owner: "bob" | "carol";
  readonly identity: MemberId;
  readonly hex: string;
  readonly json: string;
}

const recorded = loadVectors<{
  readonly note: string;
  readonly source: string;
  readonly conversation_id: string;
  readonly members: Readonly<Record<"alice" | "bob" | "carol", MemberId>>;
  readonly alice: RecordedMember;
  readonly bob: RecordedMember;
  readonly carol: RecordedMember;
  readonly bob_storage_before_welcome: readonly StorageEntry[];
  readonly carol_storage_before_welcome: readonly StorageEntry[];
  readonly bob_after: { readonly epoch: number; readonly members: readonly MemberId[] };
  readonly carol_after: { readonly epoch: number; readonly members: readonly MemberId[] };
  readonly commit1_add_bob: RecordedCommit;
  readonly commit2_add_carol: RecordedCommit & {
    readonly candidate_packet: string;
    readonly commit_hash: string;
    readonly staged_by_bob: string;
  };
  readonly commit3_remove_bob_unmerged: RecordedCommit & {
    readonly discarded: boolean;
    readonly staged_by_bob: string;
  };
  readonly message1: {
    readonly from: string;
    readonly epoch: number;
    readonly payload: string;
    readonly plaintext: string;
    readonly decrypted_by_bob: boolean;
    readonly decrypt_again: string;
    readonly decrypt_own: string;
  };
  readonly key_packages: readonly RecordedKeyPackage[];
  readonly key_package_packet: {
    readonly payload: string;
    readonly subtopic: string;
    readonly conversation_id: string;
  };
  readonly kinds: Readonly<Record<string, string>>;
  readonly wire_formats: Readonly<Record<string, string>>;
}>("08_mls.json");
const constants = loadVectors<{ readonly ciphersuite: string; readonly ciphersuite_u16: number }>(
  "00_constants.json",
);

function bytes(hex: string | null): Uint8Array {
  const decoded = hexToBytes(hex ?? "");
  if (decoded === undefined) throw new Error("The vector is not hex.");
  return decoded;
}

/** A member's bytes as in the debug output of de-mls 3.0.0. */
function debugBytes(member: MemberId): string {
  return `[${bytes(member).join(", ")}]`;
}

function replayed(name: "bob" | "carol"): Promise<MlsService> {
  return createMlsService({
    identity: bytes(recorded.members[name]),
    random: seededRandom(name),
    wallMs: () => RECORDED_MS,
    signatureKeyPair: readSignatureKeyPair(recorded[name].signature_key_pair),
  });
}

function recordedKeyPackage(name: "bob" | "carol"): RecordedKeyPackage {
  const found = recorded.key_packages.find(({ owner }) => owner === name);
  if (found === undefined) throw new Error("The vector is gone.");
  return found;
}

/** Key package with its private part from OpenMLS's memory store, before the welcome. */
function ownKeyPackage(name: "bob" | "carol"): OwnKeyPackage {
  const stored = readStoredKeyPackage(
    recorded[`${name}_storage_before_welcome`],
    bytes(recordedKeyPackage(name).hex),
  );
  const { privateKey: signaturePrivateKey } = readSignatureKeyPair(recorded[name].signature_key_pair);
  return { ...stored, secrets: { ...stored.secrets, signaturePrivateKey } };
}

async function joined(
  name: "bob" | "carol",
  welcome: string | null,
): Promise<{ mls: MlsService; group: MlsGroup }> {
  const mls = await replayed(name);
  const outcome = await mls.join(bytes(welcome), [ownKeyPackage(name)]);
  if (outcome.kind !== "joined") throw new Error(`Not joined: ${JSON.stringify(outcome)}`);
  expect(outcome.reference).toBe(ownKeyPackage(name).reference);
  return { mls, group: outcome.group };
}

async function staged(
  mls: MlsService,
  group: MlsGroup,
  recordedCommit: RecordedCommit,
): Promise<{ group: MlsGroup; staged: StagedCommit }> {
  const result = await mls.stage(group, recordedCommit.proposals.map(bytes), bytes(recordedCommit.commit));
  if (result.outcome.kind !== "staged") throw new Error(`Not staged: ${result.outcome.reason}`);
  return { group: result.group, staged: result.outcome.staged };
}

/** Staged commit as printed by de-mls 3.0.0. */
function asRecorded({ sender, proposalSenders, selfRemoved, actions }: StagedCommit): string {
  const printed = actions.map((action) => {
    if (action.kind === "other") return "Other";
    return `${action.kind === "add" ? "Add" : "Remove"}(${debugBytes(action.member)})`;
  });
  return (
    `Staged { commit_sender: ${debugBytes(sender)}, proposal_senders: [${proposalSenders.map(debugBytes).join(", ")}], ` +
    `self_removed: ${selfRemoved}, actions: [${printed.join(", ")}] }`
  );
}

describe("the recording of de-mls 3.0.0", () => {
  test("uses this package's protocol version and ciphersuite", async () => {
    expect(recorded.source).toBe("de-mls 3.0.0");
    expect(recorded.note).toContain("private material included");
    expect(constants).toMatchObject({
      ciphersuite: "MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519",
      ciphersuite_u16: 1,
    });
    const { bytes: tls } = await (
      await createMlsService({
        identity: utf8ToBytes("x"),
        random: seededRandom("x"),
        wallMs: () => RECORDED_MS,
        keyPackageEncoding: "tls",
      })
    ).generateKeyPackage();
    expect([...tls.subarray(0, 4)]).toEqual([0, 1, 0, constants.ciphersuite_u16]);
  });

  test("has matching halves of signature keys", async () => {
    expect((await replayed("bob")).signaturePublicKey).toEqual(bytes(recorded.bob.signature_public));
    expect((await replayed("carol")).signaturePublicKey).toEqual(bytes(recorded.carol.signature_public));
    const alice = await createMlsService({
      identity: bytes(recorded.members.alice),
      random: seededRandom("alice"),
      wallMs: () => RECORDED_MS,
      signatureKeyPair: readSignatureKeyPair(recorded.alice.signature_key_pair),
    });
    expect(alice.signaturePublicKey).toEqual(bytes(recorded.alice.signature_public));
  });

  test("has two key packages", () => expect(recorded.key_packages).toHaveLength(2));

  test.each([...recorded.key_packages])(
    "has $owner's key package, which round-trips through TLS",
    async (kp) => {
      const json = bytes(kp.hex);
      expect(new TextDecoder().decode(json)).toBe(kp.json);
      const parsed = parseKeyPackage(json);
      if (parsed === undefined) throw new Error("Not read.");
      const tls = writeKeyPackage(parsed, "tls");
      const fromTls = parseKeyPackage(tls);
      if (fromTls === undefined) throw new Error("Not read.");
      expect(writeKeyPackage(fromTls, "json")).toEqual(json);
      const bob = await replayed("bob");
      const inspection = { ok: true, identity: kp.identity };
      expect(await bob.inspectKeyPackage(json)).toMatchObject(inspection);
      expect(await bob.inspectKeyPackage(tls)).toMatchObject(inspection);
      expect(await bob.inspectKeyPackage(tls)).toEqual(await bob.inspectKeyPackage(json));
      expect(await bob.inspectKeyPackage(tls)).toMatchObject({
        reference: ownKeyPackage(kp.owner).reference,
      });
    },
  );

  test("carries bob's key package in the welcome packet", () => {
    expect(recorded.key_package_packet).toMatchObject({
      subtopic: "welcome",
      conversation_id: recorded.conversation_id,
    });
    expect(recorded.key_package_packet.payload).toContain(recordedKeyPackage("bob").hex);
  });

  test("lets bob join, read alice's message once, merge carol's addition and drop his own removal", async () => {
    const { mls, group: first } = await joined("bob", recorded.commit1_add_bob.welcome);
    expect(first).toMatchObject({
      groupId: hexOf(recorded.conversation_id),
      epoch: BigInt(recorded.bob_after.epoch),
      members: [recorded.members.alice, recorded.members.bob],
      requiredExtensions: [],
      supportedExtensions: [],
    });

    const message = bytes(recorded.message1.payload);
    const opened = await mls.open(first, message);
    expect(recorded.message1).toMatchObject({ from: "alice", decrypted_by_bob: true });
    expect(opened.outcome).toEqual({
      kind: "application",
      sender: recorded.members.alice,
      leafIndex: 0,
      generation: 0,
      plaintext: bytes(recorded.message1.plaintext),
      epoch: BigInt(recorded.message1.epoch),
    });
    expect(recorded.message1.decrypt_again).toContain("deleted to preserve forward secrecy");
    expect((await mls.open(opened.group, message)).outcome).toEqual({ kind: "rejected", reason: "replayed" });
    expect(recorded.message1.decrypt_own).toContain("Cannot decrypt own messages");
    const sealed = await mls.seal(opened.group, utf8ToBytes("mine"));
    expect((await mls.open(sealed.group, sealed.message)).outcome).toEqual({
      kind: "ignored",
      reason: "own-message",
    });

    const second = await staged(mls, sealed.group, recorded.commit2_add_carol);
    expect(asRecorded(second.staged)).toBe(recorded.commit2_add_carol.staged_by_bob);
    expect(bytesToHex(second.staged.hash)).toBe(recorded.commit2_add_carol.commit_hash);
    expect(recorded.commit2_add_carol.candidate_packet).toContain(recorded.commit2_add_carol.commit);
    const merged = mls.merge(second.group, second.staged);
    expect(merged.members).toEqual(recorded.bob_after.members);

    const third = await staged(mls, merged, recorded.commit3_remove_bob_unmerged);
    expect(asRecorded(third.staged)).toBe(recorded.commit3_remove_bob_unmerged.staged_by_bob);
    expect(third.staged.next).toBeUndefined();
    expect(recorded.commit3_remove_bob_unmerged.discarded).toBe(true);
    expect(third.group).toMatchObject({ epoch: 2n, members: recorded.bob_after.members });
  });

  test("lets carol join after bob merged, and follow the commit that removes him", async () => {
    const { mls, group } = await joined("carol", recorded.commit2_add_carol.welcome);
    expect(group).toMatchObject({
      epoch: BigInt(recorded.carol_after.epoch),
      members: recorded.carol_after.members,
    });

    const bob = await joined("bob", recorded.commit1_add_bob.welcome);
    const step = await staged(bob.mls, bob.group, recorded.commit2_add_carol);
    expect(bob.mls.merge(step.group, step.staged).epochAuthenticator).toEqual(group.epochAuthenticator);

    const removal = await staged(mls, group, recorded.commit3_remove_bob_unmerged);
    expect(removal.staged.next?.members).toEqual([recorded.members.alice, recorded.members.carol]);
  });

  test("lets bob and carol read each other after the replay", async () => {
    const carol = await joined("carol", recorded.commit2_add_carol.welcome);
    const bob = await joined("bob", recorded.commit1_add_bob.welcome);
    const step = await staged(bob.mls, bob.group, recorded.commit2_add_carol);
    const sealed = await bob.mls.seal(bob.mls.merge(step.group, step.staged), utf8ToBytes("welcome"));
    expect((await carol.mls.open(carol.group, sealed.message)).outcome).toMatchObject({
      kind: "application",
      sender: recorded.members.bob,
      plaintext: utf8ToBytes("welcome"),
    });
  });

  test("adds bob by one proposal and a commit of the first epoch", async () => {
    const bob = await replayed("bob");
    const { proposals, commit } = recorded.commit1_add_bob;
    const header = { groupId: hexOf(recorded.conversation_id), epoch: 0n };
    expect(proposals.map((proposal) => bob.describe(bytes(proposal)))).toEqual([
      { kind: "proposal", ...header },
    ]);
    expect(bob.describe(bytes(commit))).toEqual({ kind: "commit", ...header });
  });

  test("distinguishes a welcome for bob from others", async () => {
    const carol = await replayed("carol");
    const welcome = bytes(recorded.commit1_add_bob.welcome);
    expect(await carol.join(welcome, [ownKeyPackage("carol")])).toEqual({ kind: "notForUs" });
    expect(recorded.commit3_remove_bob_unmerged.welcome).toBeNull();
  });

  test("describes each kind of message as de-mls 3.0.0 does", async () => {
    const bob = await replayed("bob");
    const samples: Readonly<Record<string, Uint8Array>> = {
      application: bytes(recorded.message1.payload),
      proposal: bytes(recorded.commit2_add_carol.proposals[0] ?? null),
      commit: bytes(recorded.commit2_add_carol.commit),
      welcome: bytes(recorded.commit2_add_carol.welcome),
      garbage: utf8ToBytes("garbage"),
      empty: new Uint8Array(0),
    };
    expect(Object.keys(samples).sort()).toEqual(Object.keys(recorded.kinds).sort());
    for (const [name, sample] of Object.entries(samples)) {
      const expected = /^Ok\((.*)\)$/.exec(recorded.kinds[name] ?? "")?.[1]?.toLowerCase() ?? "malformed";
      expect(bob.describe(sample).kind, name).toBe(expected);
    }
    expect(bob.describe(samples["commit"] ?? new Uint8Array(0))).toEqual({
      kind: "commit",
      groupId: hexOf(recorded.conversation_id),
      epoch: 1n,
    });
    expect(Object.keys(recorded.wire_formats)).toHaveLength(4);
    for (const [name, head] of Object.entries(recorded.wire_formats))
      expect(bytesToHex((samples[name.replace("_head", "")] ?? new Uint8Array(0)).subarray(0, 4))).toBe(head);
  });

  test("names members by the identity in their credentials", () => {
    expect(recorded.key_packages.map(({ owner, identity }) => [owner, identity])).toEqual([
      ["bob", memberIdFromBytes(bytes(recorded.members.bob))],
      ["carol", memberIdFromBytes(bytes(recorded.members.carol))],
    ]);
  });
});
