import { selfLeaveProposalId } from "@demls/consensus";
import { describe, expect, test } from "vitest";
import { gardenInEachMode, MODES } from "../harness/votes.js";
import {
  agree,
  command,
  deliver,
  eventsOfKind,
  knockAgain,
  run,
  runUntil,
  stewardsOf,
  type Member,
} from "../harness/stepwise.js";

const enter = await gardenInEachMode(["alice", "bob", "carol", "dave"]);

describe("W30: a leave goes by the same id every time", () => {
  describe.each(MODES)("in %s mode", (mode) => {
    test("who left, came back and leaves again is let go again by all who saw the first leave", async () => {
      const { world, members } = await enter(mode);
      const list = stewardsOf(members[0] as Member);
      const comer = members.find(({ id }) => !list.includes(id)) as Member;
      const others = members.filter((member) => member !== comer);
      for (let time = 1; time <= 2; time++) {
        await command(world, comer, { kind: "leave" });
        await runUntil(world, () => comer.state.phase === "ended");
        expect(comer.events.at(-1)).toEqual({ kind: "leaving", reason: "left" });
        await deliver(world);
        expect(agree(others)).toBe(true);
        for (const member of others) {
          const leaves = eventsOfKind(member, "proposalDecided").filter(
            ({ proposalId }) => proposalId === selfLeaveProposalId(comer.id),
          );
          expect(leaves).toHaveLength(time);
        }
        if (time === 2) return;
        await run(world, 30_000);
        await knockAgain(world, comer);
        await runUntil(world, () => comer.state.phase === "working" && comer.state.synced);
        await run(world, 30_000);
      }
    });
  });
});
