import { describe, expect, test } from "vitest";
import { removeRequest } from "../../src/model/request.js";
import {
  approve,
  candidatesBy,
  castOf,
  epochStewardOf,
  eventsOf,
  gatherInEachMode,
  type Member,
  MODES,
  propose,
  resultAt,
  settle,
  sign,
  until,
  vote,
} from "../harness/index.js";

const inMode = await gatherInEachMode(["alice", "bob", "carol", "dave", "erin"]);

/** Number of votes of `voter` that a member has counted. */
function votesOf(voter: Member, viewer: Member): number {
  return eventsOf(viewer, "voteCast").filter((cast) => cast.voter === voter.id).length;
}

describe("W28: a steward's vote that is due during its freeze", () => {
  describe.each(MODES)("in %s mode", (mode) => {
    test("is sent, and counted by all members", async () => {
      const { world } = await inMode(mode);
      const { steward, others } = castOf(world);
      const [target, other, asker] = others;
      // The other candidates are lost, so that the freeze lasts until the vote is due.
      world.arrives = ({ packet }) => packet.payload[0] === 0 || packet.subtopic === "welcome";
      await approve(world, removeRequest(target.id));
      const { commitInactivityMs, votingDelayMs } = steward.state.config;
      await until(world, () => false, world.nowMs + commitInactivityMs - votingDelayMs / 2);
      const proposalId = await propose(world, asker, removeRequest(other.id), "deferred");
      await until(world, () => steward.state.phase !== "working");
      const { phase } = steward.state;
      expect(candidatesBy(steward, steward)).toHaveLength(1);

      await until(world, () => votesOf(steward, steward) > 0);
      expect(steward.state.phase).toBe(phase);
      await settle(world);
      // A member that the others' votes have decided already counts no further one.
      for (const member of world.members)
        expect(votesOf(steward, member) === 1 || resultAt(member, proposalId) !== undefined).toBe(true);
    });

    test("does not count before it is signed", async () => {
      const { world } = await inMode(mode);
      const steward = epochStewardOf(world, world.members[0] as Member);
      const [asker, other] = world.members.filter((member) => member !== steward) as [Member, Member];
      steward.signsAtOnce = false;
      const proposalId = await propose(world, asker, removeRequest(other.id), "deferred");
      await settle(world);
      await vote(world, steward, proposalId, true);
      await settle(world);
      for (const member of world.members) expect(votesOf(steward, member)).toBe(0);
      for (const request of steward.unsigned) await sign(world, steward, request);
      await settle(world);
      for (const member of world.members) expect(votesOf(steward, member)).toBe(1);
    });
  });
});
