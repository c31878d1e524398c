import { utf8ToBytes } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import type { OpenOutcome, OwnCandidate } from "../../src/index.js";
import { clientState, groupOf, member, welcomeAll, type GroupMember } from "../group-members.js";

const REPLAYED = { kind: "rejected", reason: "replayed" };

/** Most keys of missing messages that a receiver keeps for one sender. */
const KEPT = 256;

async function two(): Promise<[GroupMember, GroupMember]> {
  const [alice, bob] = await groupOf(["alice", "bob"]);
  if (!alice || !bob) throw new Error("unreachable");
  return [alice, bob];
}

async function seal(sender: GroupMember, count: number): Promise<Uint8Array[]> {
  const messages: Uint8Array[] = [];
  for (let i = 0; i < count; i++) {
    const { group, message, generation } = await sender.mls.seal(sender.group, utf8ToBytes(`${i}`));
    expect(generation).toBe(sender.mls.generations(sender.group).application);
    sender.group = group;
    messages.push(message);
  }
  return messages;
}

async function open(receiver: GroupMember, message: Uint8Array | undefined): Promise<OpenOutcome> {
  const { group, outcome } = await receiver.mls.open(receiver.group, message ?? new Uint8Array());
  receiver.group = group;
  return outcome;
}

/** Generations of missing messages of a sender whose keys a receiver keeps, with the keys. */
function keptKeys({ group }: GroupMember, sender: GroupMember): Readonly<Record<number, Uint8Array>> {
  const ratchets = clientState(group).secretTree[2 * sender.group.leafIndex];
  if (ratchets === undefined) throw new Error("The sender has no ratchets.");
  return ratchets.application.unusedGenerations;
}

/** The numbers below `count` in an order that looks random: `step` shares no factor with `count`. */
function shuffled(count: number, step: number): number[] {
  return Array.from({ length: count }, (_, i) => (i * step) % count);
}

describe("messages of one sender", () => {
  test("open once each in any order of 200, with their generations", async () => {
    const [alice, bob] = await two();
    const messages = await seal(alice, 200);
    for (const generation of shuffled(200, 77)) {
      const plaintext = utf8ToBytes(`${generation}`);
      const opened = { kind: "application", leafIndex: 0, generation, plaintext };
      expect(await open(bob, messages[generation])).toMatchObject(opened);
      expect(await open(bob, messages[generation])).toEqual(REPLAYED);
    }
    expect(keptKeys(bob, alice)).toEqual({});
    for (const message of messages) expect(await open(bob, message)).toEqual(REPLAYED);
  });

  test("open across two gaps, as long as fewer than 256 are missing", async () => {
    const [alice, bob] = await two();
    const messages = await seal(alice, 202);
    for (const generation of [100, 201])
      expect(await open(bob, messages[generation])).toMatchObject({ kind: "application", generation });
    expect(Object.keys(keptKeys(bob, alice))).toHaveLength(200);
    for (const generation of [0, 99, 101, 200])
      expect(await open(bob, messages[generation])).toMatchObject({ kind: "application", generation });
  });

  test("leave at most 256 keys after 1,000 missing ones, and after 1,000 more", async () => {
    const [alice, bob] = await two();
    const early = await seal(alice, 1);
    for (const application of [1_000, 2_001]) {
      alice.group = await alice.mls.skipGenerations(alice.group, { handshake: 0, application });
      const [message] = await seal(alice, 1);
      expect(await open(bob, message)).toMatchObject({ kind: "application", generation: application });
      const generations = Object.keys(keptKeys(bob, alice)).map(Number);
      expect(generations).toEqual(Array.from({ length: KEPT }, (_, i) => application - KEPT + i));
    }
    expect(await open(bob, early[0])).toEqual(REPLAYED);
  });

  test("leave no key in storage once they are opened, and 37 bytes for each that is missing", async () => {
    const [alice, bob] = await two();
    const messages = await seal(alice, 300);
    const late: GroupMember = { ...bob };
    const { length } = bob.mls.encodeGroup(bob.group);
    for (const message of messages.slice(0, 299)) await open(bob, message);
    expect(keptKeys(bob, alice)).toEqual({});
    expect(bob.mls.encodeGroup(bob.group)).toHaveLength(length);
    expect(await open(late, messages[299])).toMatchObject({ generation: 299 });
    const stored = late.mls.encodeGroup(late.group);
    expect(stored.length - length).toBeLessThanOrEqual(KEPT * 37 + 4);
    const restored: GroupMember = { mls: late.mls, group: late.mls.decodeGroup(stored) };
    expect(await open(restored, messages[43])).toMatchObject({ generation: 43 });
    expect(await open(restored, messages[42])).toEqual(REPLAYED);
  });

  test("still open after the next commit, and lose their keys with the one after", async () => {
    const [alice, bob] = await two();
    const messages = await seal(alice, 40);
    await open(bob, messages[39]);
    const present = await welcomeAll([alice, bob], [await member("carol")]);
    expect(await open(bob, messages[7])).toMatchObject({ kind: "application", generation: 7, epoch: 1n });
    expect(await open(bob, messages[7])).toEqual(REPLAYED);
    await welcomeAll(present, [await member("dave")]);
    expect(await open(bob, messages[8])).toEqual({ kind: "otherEpoch", epoch: 1n });
  });
});

test("Candidates keep a tolerance of four handshake generations", async () => {
  const [alice, bob] = await two();
  const candidates: OwnCandidate[] = [];
  for (const name of ["carol", "dave", "erin", "frank"]) {
    const keyPackage = (await (await member(name)).generateKeyPackage()).bytes;
    const { group, candidate } = await alice.mls.createCandidate(alice.group, [{ kind: "add", keyPackage }]);
    alice.group = group;
    candidates.push(candidate);
  }
  const kinds: string[] = [];
  // A proposal and a commit each: the last one overtakes six generations.
  for (const { proposals, commit } of candidates.reverse()) {
    const { group, outcome } = await bob.mls.stage(bob.group, proposals, commit);
    bob.group = group;
    kinds.push(outcome.kind === "rejected" ? outcome.reason : outcome.kind);
  }
  expect(kinds).toEqual(["staged", "staged", "staged", "replayed"]);
});
