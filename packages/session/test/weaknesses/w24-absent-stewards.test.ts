import { describe, expect, test } from "vitest";
import {
  ban,
  castOf,
  eventsOf,
  gatherInEachMode,
  MODES,
  settle,
  shareEpoch,
  stewardsOf,
  until,
  vanish,
  type Member,
  type World,
  keepToStewards,
} from "../harness/index.js";

const NAMES = ["alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi", "ivan"];

/** Members on a steward list of this epoch, without `target`. */
function electedIn(world: World, retryRound: number, target: Member): readonly Member[] {
  const [{ plugins, state }] = world.members as [Member];
  const pool = world.members.filter((member) => member !== target).map(({ id }) => id);
  const epoch = state.group?.epoch ?? 0n;
  const elected = plugins.stewards.installList(state.stewards.list, epoch, pool, 2, retryRound).state;
  const list = plugins.stewards.currentList(elected)?.members ?? [];
  return world.members.filter(({ id }) => list.includes(id));
}

function elections(member: Member): readonly { proposer: string; retryRound: number }[] {
  return eventsOf(member, "voteRequested").flatMap(({ proposer, request }) =>
    request.kind === "electStewards" ? [{ proposer, retryRound: request.retryRound }] : [],
  );
}

function deadlocks(member: Member): readonly unknown[] {
  return eventsOf(member, "voteRequested").filter(
    ({ request }) => request.kind === "emergency" && request.evidence?.violation === "deadlock",
  );
}

const inMode = await gatherInEachMode(NAMES, { fakes: true });

describe("W24: all listed stewards are offline", () => {
  describe.each(MODES)("in %s mode", (mode) => {
    test("another member proposes the due election, and the new stewards commit", async () => {
      const { world } = await inMode(mode);
      keepToStewards(world);
      const left = vanish(world, castOf(world).stewards);
      const [asker, target] = left as [Member, Member];
      const proposedBefore = elections(asker).length;
      await ban(world, asker, target);
      await until(world, () => left.every(({ state }) => state.phase === "reelection"));

      // The first fallback proposer is offline, so the next by rank proposes after its delay.
      const failedAtMs = world.nowMs;
      await until(world, () => elections(asker).length > proposedBefore);
      const { consensusTimeoutMs, recoveryInactivityMs } = asker.state.config;
      expect(world.nowMs - failedAtMs).toBeGreaterThanOrEqual(consensusTimeoutMs);
      expect(world.nowMs - failedAtMs).toBeLessThanOrEqual(
        consensusTimeoutMs + NAMES.length * recoveryInactivityMs,
      );

      const staying = left.filter((member) => member !== target);
      await until(world, () => staying.every(({ state }) => state.group?.epoch === 2n));
      expect(target.state.endReason).toBe("removed");
      expect(shareEpoch(staying)).toBe(true);
    });

    test("if the elected stewards are offline too, a Deadlock lets any member commit, and elections continue", async () => {
      const { world } = await inMode(mode);
      keepToStewards(world);
      const [target] = castOf(world).stewards;
      const left = vanish(world, [...castOf(world).stewards, ...electedIn(world, 1, target)]);
      const [asker] = left as [Member];
      await ban(world, asker, target);
      await until(world, () => left.every(({ state }) => state.stewards.recovery));
      expect(deadlocks(asker)).toHaveLength(1);

      await until(world, () => left.every(({ state }) => state.group?.epoch === 2n));
      const committers = left.map((member) => eventsOf(member, "commitApplied").at(-1)?.committer);
      expect(left.map(({ id }) => id)).toEqual(expect.arrayContaining(committers));
      expect(shareEpoch(left)).toBe(true);

      // Afterwards, an elected list ends the recovery.
      await until(world, () => left.every(({ state }) => !state.stewards.recovery));
      expect(new Set(left.map((member) => stewardsOf(member).join())).size).toBe(1);
    });

    test("an exhausted list is replaced although its first steward is offline", async () => {
      const { world } = await inMode(mode);
      keepToStewards(world);
      const { members } = world;
      const [first] = stewardsOf(members[0] as Member);
      const bystanders = members.filter((member) => !castOf(world).stewards.includes(member));
      const [asker, one, two] = bystanders as [Member, Member, Member];
      await ban(world, asker, one);
      await until(world, () => asker.state.group?.epoch === 2n);
      await settle(world);
      const left = vanish(world, [...members.filter(({ id }) => id === first), one, two]);
      await ban(world, asker, two);
      await until(world, () => left.every(({ state }) => state.group?.epoch === 3n));
      expect(asker.plugins.stewards.isExhausted(asker.state.stewards.list, 3n)).toBe(true);

      const isReplaced = ({ plugins, state }: Member): boolean =>
        !plugins.stewards.isExhausted(state.stewards.list, 3n);
      await until(world, () => left.every(isReplaced));
      expect(new Set(left.map((member) => stewardsOf(member).join())).size).toBe(1);
    });
  });
});
