import { describe, expect, test } from "vitest";
import { removeRequest } from "../../src/model/request.js";
import {
  advance,
  castOf,
  epochStewardOf,
  eventsOf,
  gather,
  gatherInEachMode,
  hasDelivered,
  leave,
  MODES,
  propose,
  required,
  settle,
  shareEpoch,
  stewardsOf,
  until,
  vote,
} from "../harness/index.js";

const soleSteward = await gatherInEachMode(["alice", "bob", "carol"], {
  fakes: true,
  stewards: { snMin: 1, snMax: 1 },
});
const settled = await gatherInEachMode(["alice", "bob", "carol", "dave"], { fakes: true });
const pair = await gatherInEachMode(["alice", "bob"], { fakes: true });

/**
 * In 3.0.0 a leaver whose own freeze ended early stayed in Reelection forever, and a sole member or sole steward could
 * never leave: a member with an approved removal may not commit, and no other member may.
 */
describe.each(MODES)("W12: leaving (%s)", (mode) => {
  test("a sole member leaves at once", async () => {
    const { world, members } = await gather(["alice"], { fakes: true, mode });
    const alice = required(members[0]);
    await leave(world, alice);
    expect(alice.state).toMatchObject({ phase: "ended", endReason: "left" });
  });

  test("a sole steward first hands over its stewardship, and the others continue without it", async () => {
    const { world } = await soleSteward(mode);
    const steward = epochStewardOf(world, required(world.members[0]));
    const others = world.members.filter((member) => member !== steward);
    expect(stewardsOf(steward)).toEqual([steward.id]);
    await leave(world, steward);
    await settle(world);
    expect(eventsOf(others[0] ?? steward, "voteRequested").at(-1)).toMatchObject({
      request: { kind: "electStewards" },
      defaultVote: true,
    });
    await until(world, () => steward.state.phase === "ended");
    expect(steward.state.endReason).toBe("left");
    const opened = eventsOf(steward, "ownProposalSubmitted").map(({ request }) => request.kind);
    expect(opened).toEqual(["electStewards", "remove"]);
    expect(eventsOf(steward, "stewardsChanged")).toHaveLength(1);
    await until(world, () => others.every(({ state }) => state.group?.members.length === 2));
    expect(shareEpoch(others)).toBe(true);
    // The others can still commit: one of them is removed.
    await advance(world, 30_000);
    const [last, target] = [...others].sort((a) => (stewardsOf(a).includes(a.id) ? -1 : 1));
    const id = await propose(world, required(last), removeRequest(required(target).id));
    await settle(world);
    // The target's own default vote is no; in a strict conversation it has none.
    if (mode === "de-mls-3") await vote(world, required(target), id, true);
    await until(world, () => last?.state.group?.members.length === 1);
  });

  test("a sole steward leaves even if the others reject its handover", async () => {
    const { world, members } = await gather(["alice", "bob", "carol"], {
      fakes: true,
      mode,
      stewards: { snMin: 1, snMax: 1 },
    });
    const steward = epochStewardOf(world, required(members[0]));
    for (const member of members) {
      const config = { ...member.state.config, livenessCriteriaYes: false };
      member.state = { ...member.state, config };
    }
    await leave(world, steward);
    await until(world, () => steward.state.phase === "ended");
    expect(steward.state.endReason).toBe("left");
  });

  test("a member that never receives the commit of its removal leaves after a timeout", async () => {
    const { world } = await settled(mode);
    const [leaver] = castOf(world).others;
    const others = world.members.filter((member) => member !== leaver);
    await leave(world, leaver);
    await until(world, () => leaver.state.changes.approved.length === 1);
    // In a strict conversation it also has to learn that another member has its leave.
    if (mode === "strict") await until(world, () => hasDelivered(leaver));
    world.arrives = ({ to }) => to !== leaver;
    await until(world, () => leaver.state.phase === "reelection");
    expect(others.every(({ state }) => state.group?.epoch === 2n)).toBe(true);
    await until(world, () => leaver.state.phase === "ended");
    expect(leaver.state.endReason).toBe("left");
    expect(leaver.wakeAtMs).toBeUndefined();
  });

  test("a member whose own freeze ended early leaves when the commit arrives", async () => {
    const { world } = await settled(mode);
    // A packet would wake the others.
    world.repairs = false;
    const [leaver] = castOf(world).others;
    await leave(world, leaver);
    await until(world, () => leaver.state.changes.approved.length === 1);
    // The stewards are late: no other member wakes up until the leaver's freeze is over.
    const wakes = world.members.map((member) => ({ member, wakeAtMs: member.wakeAtMs }));
    for (const member of world.members) if (member !== leaver) member.wakeAtMs = undefined;
    await until(world, () => leaver.state.phase === "reelection");
    for (const { member, wakeAtMs } of wakes) if (member !== leaver) member.wakeAtMs = wakeAtMs;
    const sinceMs = world.nowMs;
    await until(world, () => leaver.state.phase === "ended");
    expect(world.nowMs - sinceMs).toBeLessThan(leaver.state.config.freezeMs);
    expect(leaver.state.endReason).toBe("left");
  });

  test("the last two members, leaving at the same time, both leave", async () => {
    const { world } = await pair(mode);
    for (const member of world.members) await leave(world, member);
    await until(world, () => world.members.every(({ state }) => state.phase === "ended"));
    for (const { state } of world.members) expect(state.endReason).toBe("left");
  });
});
