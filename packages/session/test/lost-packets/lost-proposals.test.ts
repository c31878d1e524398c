import { describe, expect, test } from "vitest";
import {
  additionOf,
  approve,
  ban,
  castOf,
  eventsOf,
  gather,
  propose,
  runFor,
  runUntil,
  settle,
  shareEpoch,
  stranger,
  vanish,
  vote,
  type Member,
  type World,
} from "../harness/index.js";

const NAMES = ["alice", "bob", "carol", "dave", "erin"];

/** Two commits without a member that is cut off, and its way back. */
async function missTwoCommits(world: World, away: Member): Promise<void> {
  const others = world.members.filter((member) => member !== away);
  const isThere = ({ state }: Member): boolean =>
    others.every((member) => member.state.group.epoch === state.group.epoch);
  for (const number of [1, 2]) {
    const { epoch } = others[0]?.state.group ?? away.state.group;
    await approve({ ...world, members: others }, await additionOf(world, stranger(number), `key ${number}`));
    await runUntil(world, () => others.every(({ state }) => state.group.epoch > epoch));
    await runFor(world, 130_000);
  }
  world.arrives = () => true;
  await runUntil(world, () => isThere(away) && eventsOf(away, "caughtUp").length > 0);
  expect(shareEpoch(world.members)).toBe(true);
}

describe("A member that missed two commits", () => {
  test("proposes again, as it sent the proposal in an epoch whose keys the others have deleted", async () => {
    const { world } = await gather(NAMES, { mode: "strict", fakes: true });
    const [away] = castOf(world).others;
    const others = world.members.filter((member) => member !== away);
    await runFor(world, 60_000);
    vanish(world, [away]);
    const request = await additionOf(world, stranger(3), "wanted");
    const proposalId = await propose(world, away, request);
    await missTwoCommits(world, away);
    expect(
      others.flatMap((member) =>
        eventsOf(member, "voteRequested").filter((it) => it.proposalId === proposalId),
      ),
    ).toEqual([]);
    const { member: wanted } = request as { readonly member: string };
    const isIn = ({ state }: Member): boolean => state.group.members.some((id) => id === wanted);
    await runUntil(world, () => world.members.every(isIn));
    expect(shareEpoch(world.members)).toBe(true);
  });

  test("sends its vote again, while the vote is open", async () => {
    const { world } = await gather(NAMES, { mode: "strict", fakes: true });
    const [away, target, proposer] = castOf(world).others;
    const others = world.members.filter((member) => member !== away);
    await runFor(world, 60_000);
    // So that the vote stays open over two commits.
    const slow = { consensusTimeoutMs: 900_000, votingDelayMs: 890_000 };
    for (const member of world.members)
      member.state = { ...member.state, config: { ...member.state.config, ...slow } };
    const proposalId = await ban(world, proposer, target);
    await settle(world);
    vanish(world, [away]);
    await vote(world, away, proposalId, false);
    const hasHeard = (member: Member): boolean =>
      eventsOf(member, "voteCast").some((cast) => cast.proposalId === proposalId && cast.voter === away.id);
    await missTwoCommits(world, away);
    await runUntil(world, () => others.every(hasHeard));
  });
});
