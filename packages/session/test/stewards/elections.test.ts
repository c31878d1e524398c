import { computeListSize, createDeterministicStewardList } from "@demls/steward";
import { beforeEach, describe, expect, test } from "vitest";
import {
  approve,
  command,
  eventsOf,
  fork,
  freezeNow,
  gather,
  join,
  type Member,
  settle,
  stepEvents,
  stewardsOf,
  until,
  type World,
} from "../harness/index.js";
import { removeRequest } from "../../src/model/request.js";

const deterministicStewardList = createDeterministicStewardList();

const settled = await gather(["alice", "bob", "carol", "dave", "erin"], { stewards: { snMin: 1, snMax: 3 } });

let world: World;
let members: readonly Member[];

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  members = [...world.members];
});

/** Proposers of elections, with the lists. */
function elections(): readonly {
  readonly by: Member;
  readonly list: readonly string[];
  readonly atEpoch: bigint;
}[] {
  return members.flatMap((by) =>
    eventsOf(by, "ownProposalSubmitted").flatMap(({ request }) =>
      request.kind === "electStewards"
        ? [{ by, list: request.stewards, atEpoch: request.electionEpoch }]
        : [],
    ),
  );
}

describe("an election that is due (try initiate steward election)", () => {
  test("is proposed by the list's first member only, which votes like the others", async () => {
    const [first] = stewardsOf(members[0] as Member);
    for (const name of ["frank", "grace", "heidi"]) {
      const joiner = await join(world, name);
      await until(world, () => joiner.state.phase === "working");
    }
    await settle(world);
    expect(elections()).toMatchObject([{ by: { id: first }, atEpoch: 4n }]);
    const by = members.find(({ id }) => id === first) as Member;
    expect(eventsOf(by, "ownProposalSubmitted").at(-1)).toMatchObject({ bundled: false });
    expect(eventsOf(by, "voteRequested").at(-1)?.request.kind).toBe("electStewards");
  });

  test("after a missed commit omits members with an approved removal, and is proposed once", async () => {
    // A steward by the order of the hashes, so that it would be elected again.
    const [, second] = stewardsOf(members[0] as Member);
    const target = members.find(({ id }) => id === second) as Member;
    for (const member of members) {
      const mls = { ...member.mls, createCandidate: () => Promise.reject(new TypeError("no commit")) };
      Object.assign(member, { plugins: { ...member.plugins, mls } });
    }
    world.arrives = () => false;
    for (const member of members) freezeNow(member, world);
    await approve(world, removeRequest(target.id));
    await until(world, () => members.every(({ state }) => state.phase === "reelection"));
    expect(elections()).toHaveLength(1);
    expect(elections()[0]?.list).not.toContain(target.id);
    expect(elections()[0]?.list).toHaveLength(3);
  });
});

describe("a regenerated list (regenerate steward list)", () => {
  test("equals the list of an election in this epoch, without a vote", async () => {
    const [member] = members as [Member];
    const config = deterministicStewardList.config(member.state.stewards.list as never);
    const ids = members.map(({ id }) => id);
    const size = computeListSize(config, ids.length);
    expect(stepEvents(await command(world, member, { kind: "regenerateStewards" }))).toEqual([
      { kind: "stewardsChanged", stewards: stewardsOf(member), electionEpoch: 1n, retryRound: 0 },
    ]);
    const { stewards } = member.plugins;
    expect(stewards.validateProposed(member.state.stewards.list, stewardsOf(member), 1n, ids, 0)).toBe(true);
    expect(stewardsOf(member)).toHaveLength(size);
    expect(elections()).toEqual([]);
  });
});
