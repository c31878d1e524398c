import { selfLeaveProposalId } from "@demls/consensus";
import { describe, expect, test } from "vitest";
import {
  advance,
  castOf,
  eventsOf,
  gatherInEachMode,
  isSynced,
  leave,
  MODES,
  rejoin,
  settle,
  shareEpoch,
  until,
} from "../harness/index.js";

const inMode = await gatherInEachMode(["alice", "bob", "carol", "dave"]);

describe("W30: a leave always has the same id", () => {
  describe.each(MODES)("in %s mode", (mode) => {
    test("a member that left and joined again can leave again, for all members that received its first leave", async () => {
      const { world, members } = await inMode(mode);
      const [comer] = castOf(world).others;
      const others = members.filter((member) => member !== comer);
      for (let time = 1; time <= 2; time++) {
        await leave(world, comer);
        await until(world, () => comer.state.phase === "ended");
        expect(comer.events.at(-1)).toEqual({ kind: "leaving", reason: "left" });
        await settle(world);
        expect(shareEpoch(others)).toBe(true);
        for (const member of others) {
          const leaves = eventsOf(member, "proposalDecided").filter(
            ({ proposalId }) => proposalId === selfLeaveProposalId(comer.id),
          );
          expect(leaves).toHaveLength(time);
        }
        if (time === 2) return;
        await advance(world, 30_000);
        await rejoin(world, comer);
        await until(world, () => comer.state.phase === "working" && isSynced(comer));
        await advance(world, 30_000);
      }
    });
  });
});
