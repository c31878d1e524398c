import { selfLeaveProposalId } from "@demls/consensus";
import { beforeEach, describe, expect, test } from "vitest";
import type { CompatibilityMode } from "../../src/index.js";
import { snapshotOf } from "../../src/view/snapshot.js";
import { LIMITS } from "../../src/model/limits.js";
import { removeRequest } from "../../src/model/request.js";
import {
  alter,
  ban,
  castOf,
  environmentOf,
  eventsOf,
  forgedProposal,
  fork,
  gather,
  leave,
  type Member,
  ownProposalsOf,
  receive,
  runFor,
  sealed,
  sendUnchecked,
  settle,
  shareEpoch,
  take,
  until,
  vote,
  type World,
} from "../harness/index.js";

const settled = await gather(["alice", "bob", "carol", "dave", "erin"]);

let world: World;
let leaver: Member, mallory: Member, target: Member;
let others: readonly Member[];

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  [leaver, mallory, target] = castOf(world).others;
  others = world.members.filter((member) => member !== leaver);
});

function setMode(mode: CompatibilityMode): void {
  for (const member of world.members) member.state = { ...member.state, mode };
}

/** Mallory proposes a removal with the id of the leaver's leave. */
function borrowed(of: Member) {
  return forgedProposal(world, mallory, removeRequest(of.id), { proposalId: selfLeaveProposalId(leaver.id) });
}

describe("a reused leave id", () => {
  test.each(["target", "leaver"] as const)(
    "is refused in a strict group: removal of the %s",
    async (whom) => {
      setMode("strict");
      const proposal = borrowed(whom === "target" ? target : leaver);
      for (const member of [leaver, target]) {
        const outcome = await receive(world, member, await sealed(mallory, { kind: "proposal", proposal }));
        expect(outcome).toEqual({ kind: "rejected", reason: "borrowed-leave-id", sender: mallory.id });
      }
    },
  );

  test("has the default vote no in de-mls-3, and does not block the leave", async () => {
    await sendUnchecked(world, mallory, { kind: "proposal", proposal: borrowed(target) });
    await settle(world);
    expect(eventsOf(leaver, "voteRequested")).toMatchObject([{ defaultVote: false }]);
    await leave(world, leaver);
    await until(world, () => leaver.state.phase === "ended");
    expect(leaver.state.endReason).toBe("left");
    for (const member of others) expect(member.state.group?.members).toContain(target.id);
    await settle(world);
    expect(shareEpoch(others)).toBe(true);
  });

  test("makes no other removal a leave", async () => {
    const proposal = borrowed(leaver);
    await sendUnchecked(world, mallory, { kind: "proposal", proposal });
    await settle(world);
    for (const member of world.members) {
      if (member === mallory) continue;
      await vote(world, member, proposal.proposalId, true);
    }
    await settle(world);
    expect(leaver.state.changes.approved).toHaveLength(1);
    expect(snapshotOf(leaver.state, environmentOf(world, leaver)).pendingLeaves).toEqual([]);
    await until(world, () => leaver.state.phase === "ended");
    expect(leaver.state.endReason).toBe("removed");
  });
});

test("a leave is in pendingLeaves on every member where it is approved", async () => {
  await leave(world, leaver);
  await settle(world);
  for (const member of others) {
    expect(snapshotOf(member.state, environmentOf(world, member)).pendingLeaves).toEqual([leaver.id]);
  }
});

describe("an unpublished proposal", () => {
  /** Fills the outbox; the last packet arrives with a step that enforces its bound. */
  async function fillOutbox(member: Member): Promise<void> {
    const { packet } = member.state.outbox.entries[0] ?? expect.fail("Nothing waits.");
    const filling = Array.from({ length: LIMITS.outbox }, (_, i) => ({
      ...{ sequence: 1_000_000 + i, packet: { ...packet, payload: new Uint8Array() } },
      ...{ proposalId: undefined, sealed: undefined, attempts: 0, notBeforeMs: 0 },
    }));
    alter(member, "outbox", { entries: [...member.state.outbox.entries, ...filling] });
    await take(world, member, { kind: "tick" });
  }

  /** Fails every attempt of a member to publish, until the packet is dropped. */
  async function giveUp(member: Member, among = world): Promise<void> {
    const sequence = member.state.outbox.entries[0]?.sequence ?? expect.fail("Nothing waits.");
    for (let attempt = 0; attempt < LIMITS.publishAttempts; attempt++) {
      await take(among, member, { kind: "publishFailed", sequence });
    }
  }

  test("fails, and is not decided by its owner alone", async () => {
    mallory.online = false;
    const proposalId = await ban(world, mallory, target);
    expect(mallory.state.outbox.entries).toHaveLength(1);
    await giveUp(mallory);
    expect(eventsOf(mallory, "proposalDecided")).toMatchObject([{ proposalId, result: "failed" }]);
    world.nowMs += 120_000;
    await take(world, mallory, { kind: "tick" });
    expect(mallory.state.changes.approved).toEqual([]);
    expect(ownProposalsOf(mallory).size).toBe(0);
  });

  test("fails if the outbox is full", async () => {
    mallory.online = false;
    const proposalId = await ban(world, mallory, target);
    await fillOutbox(mallory);
    expect(mallory.state.outbox.entries).toHaveLength(LIMITS.outbox);
    expect(eventsOf(mallory, "proposalDecided")).toMatchObject([{ proposalId, result: "failed" }]);
    expect(ownProposalsOf(mallory).has(proposalId)).toBe(false);
    expect(eventsOf(mallory, "error")).toMatchObject([{ operation: "publish" }]);
    world.nowMs += 120_000;
    await take(world, mallory, { kind: "tick" });
    expect(mallory.state.changes.approved).toEqual([]);
  });

  test("that is a leave is proposed again after a full outbox", async () => {
    leaver.online = false;
    await leave(world, leaver);
    expect(leaver.state.changes.approved).toHaveLength(1);
    await fillOutbox(leaver);
    const outbox = leaver.state.outbox.entries.filter((entry) => entry.proposalId !== undefined);
    alter(leaver, "outbox", { entries: outbox });
    leaver.online = true;
    await take(world, leaver, { kind: "tick" });
    await until(world, () => leaver.state.phase === "ended");
    expect(leaver.state.endReason).toBe("left");
    expect(shareEpoch(others)).toBe(true);
  });

  test("is not decided while it waits for the transport", async () => {
    mallory.online = false;
    await ban(world, mallory, target);
    world.nowMs += 60_000;
    await take(world, mallory, { kind: "tick" });
    expect(eventsOf(mallory, "proposalDecided")).toEqual([]);
    mallory.online = true;
    await take(world, mallory, { kind: "tick" });
    await until(world, () => target.state.phase === "ended");
    expect(shareEpoch(world.members.filter((member) => member !== target))).toBe(true);
  });

  test("that is a leave is proposed again, and received by all when the network is back", async () => {
    leaver.online = false;
    await leave(world, leaver);
    expect(leaver.state.changes.approved).toHaveLength(1);
    await giveUp(leaver);
    leaver.online = true;
    await take(world, leaver, { kind: "tick" });
    await until(world, () => leaver.state.phase === "ended");
    expect(leaver.state.endReason).toBe("left");
    await settle(world);
    expect(shareEpoch(others)).toBe(true);
  });

  test("that is a leave ends a strict conversation a day later, though each attempt is dropped", async () => {
    const { world: strict } = await gather(["alice", "bob", "carol"], { mode: "strict", fakes: true });
    const [leaving] = strict.members as [Member];
    leaving.online = false;
    await leave(strict, leaving);
    await giveUp(leaving, strict);
    await runFor(strict, 24 * 3_600_000);
    expect(leaving.state.phase).not.toBe("ended");
    await giveUp(leaving, strict);
    await runFor(strict, 600_000);
    expect(leaving.state.endReason).toBe("left");
  });
});
