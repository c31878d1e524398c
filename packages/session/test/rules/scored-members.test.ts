import { describe, expect, test } from "vitest";
import { removeRequest } from "../../src/update-request.js";
import { garden, knockAgain, propose, runUntil, scoreOf, stewardsOf, type Member } from "../world.js";

describe("scores follow the members (sync scoring members)", () => {
  test("who is removed has none any more, and who comes back begins with the default", async () => {
    const { world, members } = await garden(["alice", "bob", "carol", "dave"]);
    const list = stewardsOf(members[0] as Member);
    const comer = members.find(({ id }) => !list.includes(id)) as Member;
    const staying = members.filter((member) => member !== comer);
    for (const member of staying) {
      const diverged = [{ memberId: comer.id, score: 17n }];
      const scores = member.plugins.scoring.applySnapshot(member.state.scores, { diverged });
      member.state = { ...member.state, scores };
    }
    await propose(world, staying[0] as Member, removeRequest(comer.id));
    await runUntil(world, () => staying.every(({ state }) => state.group?.epoch === 2n));
    for (const member of staying) expect(scoreOf(member, comer)).toBeUndefined();

    await knockAgain(world, comer);
    await runUntil(world, () => comer.state.synced && comer.state.group?.epoch === 3n);
    for (const member of members) expect(scoreOf(member, comer)).toBe(100n);
    // And the comer knows of the others what they know of each other.
    for (const other of staying) expect(scoreOf(comer, other)).toBe(scoreOf(staying[0] as Member, other));
  });
});
