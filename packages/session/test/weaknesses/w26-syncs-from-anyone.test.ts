import type { ConversationSync } from "@demls/wire";
import { stewardSeed } from "../../src/model/steward-seed.js";
import { memberIdToBytes, type MemberId } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import type { CompatibilityMode } from "../../src/index.js";
import { LIMITS } from "../../src/step/index.js";
import type { InboundOutcome } from "../../src/trace/index.js";
import {
  alter,
  environmentOf,
  eventsOf,
  fork,
  gatherInEachMode,
  isSynced,
  joinUnsynced,
  listing,
  type Member,
  MODES,
  receiveSync,
  scoreOf,
  stewardsOf,
  syncOf,
  type World,
} from "../harness/index.js";
import { beginTransaction } from "../../src/model/transaction.js";

const inMode = await gatherInEachMode(["alice", "bob", "carol", "dave"]);

/** A joiner whose committer's ConversationSync is lost. */
async function withJoiner(mode: CompatibilityMode): Promise<World> {
  const { world } = await inMode(mode);
  await joinUnsynced(world, "zed");
  return world;
}

const waiting = { "de-mls-3": await withJoiner("de-mls-3"), strict: await withJoiner("strict") };

let world: World;
let joiner: Member;
let committer: Member;
/** On the group's list. */
let steward: Member;
/** Only on its own list. */
let plain: Member;

/** Delivers a ConversationSync as from the committer, changed by `twist`. */
function hear(from: Member, twist: Partial<ConversationSync> = {}): Promise<InboundOutcome> {
  return receiveSync(world, joiner, from, syncOf(committer, twist));
}

describe("W26: a ConversationSync from anyone", () => {
  describe.each(MODES)("in %s mode", (mode) => {
    beforeEach(async () => {
      ({ world } = await fork(waiting[mode]));
      joiner = world.members.at(-1) as Member;
      const others = world.members.slice(0, -1);
      committer = others.find(({ id }) => id === joiner.state.sync.admittedBy) as Member;
      const list = stewardsOf(committer);
      steward = others.find(({ id }) => list.includes(id) && id !== committer.id) as Member;
      plain = others.find(({ id }) => !list.includes(id) && id !== committer.id) as Member;
    });

    test("A joiner learns its committer from the welcome", () => {
      const [anyone] = waiting[mode].members as [Member];
      expect(joiner.state.sync.admittedBy).toBeDefined();
      expect(eventsOf(anyone, "commitApplied").at(-1)?.committer).toBe(joiner.state.sync.admittedBy);
    });

    describe("A ConversationSync of another member than the committer", () => {
      test("is rejected unless the sender is on its list", async () => {
        expect(await hear(plain)).toEqual({
          kind: "rejected",
          reason: "invalid-sync",
          detail: "unlisted-sender",
          sender: plain.id,
        });
        expect(isSynced(joiner)).toBe(false);
      });

      test("is applied if the sender is on its list, so that a joiner does not depend on the committer", async () => {
        expect(await hear(steward)).toMatchObject({ kind: "accepted", what: "sync" });
        expect(stewardsOf(joiner)).toEqual(stewardsOf(committer));
        expect(await hear(plain, listing(plain.id))).toEqual({ kind: "ignored", reason: "sync-not-needed" });
        expect(stewardsOf(joiner)).toEqual(stewardsOf(committer));
      });

      test("is replaced by the committer's: list, settings and scores", async () => {
        const peerScores = [{ memberId: memberIdToBytes(steward.id), score: -500n }];
        expect(
          await hear(plain, { ...listing(plain.id), peerScores, snMax: 9, timing: undefined }),
        ).toMatchObject({
          kind: "accepted",
        });
        expect([stewardsOf(joiner), scoreOf(joiner, steward)]).toEqual([[plain.id], -500n]);

        expect(await hear(committer)).toMatchObject({ kind: "accepted", what: "sync" });
        expect(stewardsOf(joiner)).toEqual(stewardsOf(committer));
        expect(joiner.plugins.stewards.config(joiner.state.stewards.list).snMax).toBe(2);
        expect(joiner.state.config.freezeMs).toBe(7_000);
        expect(scoreOf(joiner, steward)).toBe(100n);
        expect(eventsOf(joiner, "scoreChanged").map(({ member, score }) => [member, score])).toEqual([
          [steward.id, -500n],
          [steward.id, 100n],
        ]);
      });

      test("does not replace a list elected since", async () => {
        await hear(plain, listing(plain.id));
        const { stewards } = joiner.plugins;
        const epoch = joiner.state.group?.epoch ?? 0n;
        const elected = stewards.installList(joiner.state.stewards.list, epoch, [steward.id], 1, 0).state;
        alter(joiner, "stewards", { list: elected });
        await hear(committer);
        expect(stewardsOf(joiner)).toEqual([steward.id]);
      });
    });

    test("The committer's ConversationSync is final, even against another of its own", async () => {
      await hear(committer);
      for (const from of [committer, steward, plain]) {
        expect(await hear(from, listing(from.id))).toEqual({ kind: "ignored", reason: "sync-not-needed" });
      }
    });

    describe("A ConversationSync of any sender is rejected if", () => {
      const far = LIMITS.syncScore + 1n;
      const id = (): Uint8Array => memberIdToBytes(steward.id);
      const timing = (ms: Partial<NonNullable<ConversationSync["timing"]>>): Partial<ConversationSync> => ({
        timing: { ...(syncOf(committer).timing as NonNullable<ConversationSync["timing"]>), ...ms },
      });
      test.each<[string, string, () => Partial<ConversationSync>]>([
        [
          "one steward fills the list",
          "duplicate-steward",
          () => ({ snMax: 5_000, stewardMembers: Array.from({ length: 5_000 }, id) }),
        ],
        ["the list may grow beyond measure", "steward-bounds", () => ({ snMax: 10_001 })],
        ["a freeze would last for years", "timing", () => timing({ freezeDurationMs: 2n ** 64n - 1n })],
        ["a vote would end before anyone is heard", "timing", () => timing({ consensusTimeoutMs: 99n })],
        ["a score is beyond reach", "scores", () => ({ peerScores: [{ memberId: id(), score: -far }] })],
        [
          "a member is scored twice",
          "scores",
          () => ({ peerScores: [1n, 2n].map((score) => ({ memberId: id(), score })) }),
        ],
        ["nobody could fall to the threshold", "threshold", () => ({ thresholdPeerScore: -far })],
      ])("%s", async (_what, detail, twist) => {
        expect(await hear(committer, twist())).toMatchObject({ reason: "invalid-sync", detail });
        expect(isSynced(joiner)).toBe(false);
        expect(await hear(committer)).toMatchObject({ kind: "accepted" });
      });
    });

    describe("An exhausted list", () => {
      const later = (...ids: MemberId[]): Partial<ConversationSync> => {
        const tx = beginTransaction(joiner.state as never, environmentOf(world, joiner));
        const seed = stewardSeed(tx);
        const electionEpoch = joiner.state.group?.epoch ?? 0n;
        return { ...listing(...ids), electionEpoch, retryRound: 0, ...(seed && { stewardSeed: seed }) };
      };

      beforeEach(async () => {
        const old = { ...listing(committer.id), electionEpoch: 0n, retryRound: 0 };
        expect(await hear(committer, old)).toMatchObject({ kind: "accepted" });
        const { stewards } = joiner.plugins;
        expect(stewards.isExhausted(joiner.state.stewards.list, joiner.state.group?.epoch ?? 0n)).toBe(true);
      });

      test("is replaced by a later one sent by one of its stewards, after a missed election", async () => {
        expect(await hear(committer, later(steward.id))).toMatchObject({ kind: "accepted", what: "sync" });
        expect(stewardsOf(joiner)).toEqual([steward.id]);
        expect(await hear(committer, later(plain.id))).toEqual({
          kind: "ignored",
          reason: "sync-not-needed",
        });
      });

      test("is not replaced by one of another sender", async () => {
        expect(await hear(plain, later(plain.id))).toEqual({ kind: "ignored", reason: "sync-not-needed" });
        expect(stewardsOf(joiner)).toEqual([committer.id]);
      });
    });
  });
});
