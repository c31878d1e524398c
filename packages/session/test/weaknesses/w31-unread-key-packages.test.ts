import type { OwnKeyPackage } from "@demls/mls";
import { bytesToUtf8, memberIdToBytes, utf8ToBytes, memberIdFromBytes } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import type { CompatibilityMode } from "../../src/index.js";
import type { ChangeRequest } from "../../src/model/request.js";
import {
  advance,
  enter,
  eventsOf,
  forgedProposal,
  gatherInEachMode,
  MODES,
  propose,
  refusalsOf,
  sendUnchecked,
  settle,
  shareEpoch,
  type Member,
  type World,
} from "../harness/index.js";

const settled = await gatherInEachMode(["alice", "bob", "carol"], { config: { keyRenewalMs: 0 } });

/** A group, and a stranger with a key package. */
async function withStranger(mode: CompatibilityMode): Promise<{
  world: World;
  members: readonly Member[];
  stranger: Member;
  keyPackage: OwnKeyPackage;
}> {
  const { world } = await settled(mode);
  const members = [...world.members];
  const stranger = await enter(world, "stranger");
  return { world, members, stranger, keyPackage: await stranger.mls.generateKeyPackage() };
}

/** A key package in JSON form whose identity reads as someone else's. */
function withOtherIdentity(keyPackage: Uint8Array, from: Member, to: Uint8Array): Uint8Array {
  const text = bytesToUtf8(keyPackage) ?? "";
  const list = (bytes: Uint8Array): string => `[${bytes.join(",")}]`;
  const changed = text.replace(list(memberIdToBytes(from.id)), list(to));
  expect(changed).not.toBe(text);
  return utf8ToBytes(changed);
}

/** Expects the proposer's own check to reject a request, and the reader to vote no by default if it is sent anyway. */
async function expectVotedDown(
  world: World,
  reader: Member,
  proposer: Member,
  request: ChangeRequest,
): Promise<void> {
  await expect(propose(world, proposer, request)).rejects.toMatchObject({ code: "invalid-key-package" });
  const proposal = forgedProposal(world, proposer, request);
  await sendUnchecked(world, proposer, { kind: "proposal", proposal });
  await settle(world);
  expect(eventsOf(reader, "voteRequested")).toMatchObject([{ defaultVote: false }]);
}

describe("W31: an unverified key package", () => {
  describe.each(MODES)("in %s mode", (mode) => {
    test("with changed identity bytes is rejected and not proposed", async () => {
      const { world, members, stranger, keyPackage } = await withStranger(mode);
      const forged = withOtherIdentity(keyPackage.bytes, stranger, new Uint8Array(20).fill(7));
      expect(await refusalsOf(world, members, forged)).toEqual(new Set(["bad-signature"]));
    });

    test("that has expired is rejected", async () => {
      const { world, members, keyPackage } = await withStranger(mode);
      world.nowMs += 85 * 24 * 3_600_000;
      expect(await refusalsOf(world, members, keyPackage.bytes)).toEqual(new Set(["expired"]));
    });

    test("of random bytes is rejected", async () => {
      const { world, members } = await withStranger(mode);
      for (const rubbish of [new Uint8Array(), Uint8Array.of(1, 2, 3), utf8ToBytes('{"payload":{}}')]) {
        expect(await refusalsOf(world, members, rubbish)).toEqual(new Set(["malformed"]));
      }
    });

    test("that is invalid and proposed by a member has the default vote no", async () => {
      const { world, members, stranger, keyPackage } = await withStranger(mode);
      const [alice, bob] = members as [Member, Member];
      const identity = new Uint8Array(20).fill(7);
      const request = {
        kind: "add",
        keyPackage: withOtherIdentity(keyPackage.bytes, stranger, identity),
        member: memberIdFromBytes(identity),
      } as const;
      await expectVotedDown(world, alice, bob, request);
      expect(alice.state.changes.pending.size).toBe(0);
    });

    test("that is proposed under another member's name has the default vote no", async () => {
      const { world, members, keyPackage } = await withStranger(mode);
      const [alice, bob] = members as [Member, Member];
      const identity = new Uint8Array(20).fill(7);
      const request = {
        kind: "add",
        keyPackage: keyPackage.bytes,
        member: memberIdFromBytes(identity),
      } as const;
      await expectVotedDown(world, alice, bob, request);
    });

    test("does not split the group, as a single packet did in 3.0.0", async () => {
      const { world, members, stranger, keyPackage } = await withStranger(mode);
      const forged = withOtherIdentity(keyPackage.bytes, stranger, new Uint8Array(20).fill(7));
      await refusalsOf(world, members, forged);
      await advance(world, 300_000);
      for (const { state } of members)
        expect([state.phase, state.group?.members.length]).toEqual(["working", 3]);
      expect(shareEpoch(members)).toBe(true);
    });
  });
});
