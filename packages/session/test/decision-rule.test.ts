import { createHashgraphConsensus } from "@demls/consensus";
import { beforeEach, describe, expect, test } from "vitest";
import { removeRequest } from "../src/update-request.js";
import {
  agree,
  deliver,
  eventsOfKind,
  fork,
  garden,
  knock,
  propose,
  runUntil,
  vote,
  type Member,
  type World,
} from "./world.js";

/** One objection is a no; who is silent at the deadline is counted by liveness. */
const unanimity = createHashgraphConsensus({
  decide({ yes, no, expectedVoters, livenessCriteriaYes, atDeadline }) {
    if (no > 0) return false;
    if (yes >= expectedVoters) return true;
    return atDeadline ? livenessCriteriaYes : undefined;
  },
});

const settled = await garden(["alice", "bob", "carol", "dave", "erin"], {
  mode: "strict",
  consensus: unanimity,
});

let world: World;
let members: readonly [Member, Member, Member, Member, Member];

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  members = world.members as unknown as typeof members;
});

/** What each member was told of a vote's end. */
function resultsOf(proposalId: number): readonly (readonly string[])[] {
  return members.map((member) =>
    eventsOfKind(member, "proposalDecided")
      .filter((event) => event.proposalId === proposalId)
      .map(({ result }) => result),
  );
}

describe("A conversation whose plug-in asks for unanimity", () => {
  test("removes nobody where one objects, though by the mode's rule all others would be enough", async () => {
    const [asker, objector, ...others] = members;
    const id = await propose(world, asker, removeRequest(members[4].id), "yes");
    await deliver(world);
    for (const member of others) await vote(world, member, id, true);
    expect(resultsOf(id).flat()).toEqual([]);
    await vote(world, objector, id, false);
    await runUntil(world, () => resultsOf(id).every((results) => results.length === 1));
    expect(new Set(resultsOf(id).flat())).toEqual(new Set(["no"]));
  });

  test("removes whom all want to remove, and lets newcomers in whom nobody objects to", async () => {
    const [asker, , , , target] = members;
    const id = await propose(world, asker, removeRequest(target.id), "yes");
    await deliver(world);
    for (const member of members.slice(1)) await vote(world, member, id, true);
    const staying = members.slice(0, 4);
    await runUntil(world, () => agree(staying) && asker.state.group?.members.length === 4);
    const newcomer = await knock(world, "frank");
    await runUntil(world, () => newcomer.state.group?.members.length === 5);
    await runUntil(world, () => agree([...staying, newcomer]));
  });
});
