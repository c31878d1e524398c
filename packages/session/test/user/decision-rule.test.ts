import { createHashgraphConsensus } from "@demls/consensus";
import { beforeEach, describe, expect, test } from "vitest";
import { removeRequest } from "../../src/model/request.js";
import {
  deliver,
  eventsOf,
  fork,
  gather,
  join,
  type Member,
  propose,
  shareEpoch,
  until,
  vote,
  type World,
} from "../harness/index.js";

/** One no rejects; missing votes count by liveness at the deadline. */
const unanimity = createHashgraphConsensus({
  decide({ yes, no, expectedVoters, livenessCriteriaYes, atDeadline }) {
    if (no > 0) return false;
    if (yes >= expectedVoters) return true;
    return atDeadline ? livenessCriteriaYes : undefined;
  },
});

const settled = await gather(["alice", "bob", "carol", "dave", "erin"], {
  mode: "strict",
  consensus: unanimity,
});

let world: World;
let members: readonly [Member, Member, Member, Member, Member];

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  members = world.members as unknown as typeof members;
});

/** Results of a vote in each member's events. */
function resultsOf(proposalId: number): readonly (readonly string[])[] {
  return members.map((member) =>
    eventsOf(member, "proposalDecided")
      .filter((event) => event.proposalId === proposalId)
      .map(({ result }) => result),
  );
}

describe("A conversation with a unanimity rule", () => {
  test("removes no member if one votes no, although the mode's rule would accept", async () => {
    const [asker, objector, ...others] = members.slice(0, 4) as [Member, Member, ...Member[]];
    const id = await propose(world, asker, removeRequest(members[4].id), "yes");
    await deliver(world);
    for (const member of others) await vote(world, member, id, true);
    expect(resultsOf(id).flat()).toEqual([]);
    await vote(world, objector, id, false);
    await until(world, () => resultsOf(id).every((results) => results.length === 1));
    expect(new Set(resultsOf(id).flat())).toEqual(new Set(["no"]));
  });

  test("removes a member if all others vote yes, and adds joiners without objections", async () => {
    const [asker, , , , target] = members;
    const id = await propose(world, asker, removeRequest(target.id), "yes");
    await deliver(world);
    const staying = members.slice(0, 4);
    for (const member of staying.slice(1)) await vote(world, member, id, true);
    await until(world, () => shareEpoch(staying) && asker.state.group?.members.length === 4);
    const newcomer = await join(world, "frank");
    await until(world, () => newcomer.state.group?.members.length === 5);
    await until(world, () => shareEpoch([...staying, newcomer]));
  });
});
