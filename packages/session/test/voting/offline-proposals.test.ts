import { beforeEach, describe, expect, test } from "vitest";
import {
  ban,
  command,
  epochOf,
  eventsOf,
  fork,
  gather,
  rolesOf,
  runFor,
  runUntil,
  take,
  type Member,
  type World,
} from "../harness/index.js";
import { defaultConversationConfig } from "../../src/index.js";

const names = ["alice", "bob", "carol", "dave", "erin"];
// Newcomers do not vote on removals.
const config = { ...defaultConversationConfig, probationMs: 0 };
const settled = await gather(names, { mode: "strict", fakes: true, config });
await runFor(settled.world, 60_000);

let world: World;
let steward: Member, proposer: Member, target: Member, others: readonly Member[];

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  [steward, , proposer, target] = rolesOf(world);
  others = world.members.filter((member) => member !== proposer && member !== target);
});

function resultsAt(member: Member): readonly string[] {
  return eventsOf(member, "proposalDecided").flatMap(({ request, result }) =>
    request.kind === "remove" ? [result] : [],
  );
}

describe.each([20_000, 100_000, 300_000, 570_000])(
  "A ban proposed while nobody is there, for %i ms",
  (lastsMs) => {
    test.each([
      ["and the others make no commit", false],
      ["and the others commit meanwhile", true],
    ])("%s: what is carried out has succeeded at its proposer", async (_, commits) => {
      const startMs = world.nowMs;
      proposer.online = false;
      world.arrives = ({ to }) => to !== proposer;
      await ban(world, proposer, target);
      if (commits) {
        const epoch = epochOf(steward);
        await command(world, steward, { kind: "renewKeys" });
        await runUntil(world, () => others.every((member) => epochOf(member) > epoch));
      }
      await runFor(world, Math.max(0, startMs + lastsMs - world.nowMs));
      world.arrives = () => true;
      proposer.online = true;
      await take(world, proposer, { kind: "tick" });
      await runFor(world, 600_000);
      const isOut = others.map(({ state }) => state.group?.members.includes(target.id) === false);
      expect(new Set(isOut).size).toBe(1);
      // Without a commit, the others open the vote as if it had been proposed at the return.
      if (!commits) expect(isOut).toContain(true);
      const results = others.map(resultsAt);
      expect(results).toEqual(others.map(() => (isOut.includes(true) ? ["yes"] : [])));
      expect(resultsAt(proposer)).toEqual(
        isOut.includes(true) ? ["yes"] : [expect.stringMatching("no|failed")],
      );
      expect(eventsOf(proposer, "reconciled")).toEqual([]);
    });
  },
);
