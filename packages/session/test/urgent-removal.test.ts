import { ViolationType, type ConversationUpdateRequest } from "@demls/wire";
import { memberIdToBytes } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import { removeRequest } from "../src/update-request.js";
import {
  agree,
  deliver,
  eventsOfKind,
  fork,
  garden,
  propose,
  runUntil,
  scoreOf,
  stewardsOf,
  vote,
  type Member,
  type World,
} from "./world.js";

const settled = await garden(["alice", "bob", "carol", "dave", "erin"]);

let world: World;
let accused: Member;
let target: Member;
let onlooker: Member;
let other: Member;

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  const list = stewardsOf(world.members[0] as Member);
  accused = world.members.find(({ id }) => list.includes(id)) as Member;
  [target, onlooker, other] = world.members.filter(({ id }) => !list.includes(id)) as [
    Member,
    Member,
    Member,
  ];
});

function staying(): readonly Member[] {
  return world.members.filter((member) => member !== target);
}

function asked(member: Member): ConversationUpdateRequest | undefined {
  return eventsOfKind(member, "voteRequested").at(-1)?.request;
}

describe("a member whose score fell to the threshold", () => {
  /** Costs the target a hundred points: twice it accuses a steward, and the others say no. */
  async function fallToTheThreshold(): Promise<void> {
    for (let i = 0; i < 2; i++) {
      const evidence = {
        violationType: ViolationType.BrokenCommit,
        targetMemberId: memberIdToBytes(accused.id),
        evidencePayload: Uint8Array.of(i),
        epoch: 1n,
        creatorMemberId: memberIdToBytes(target.id),
      };
      const id = await propose(world, target, { kind: "emergency_criteria", evidence });
      await deliver(world);
      for (const member of staying()) await vote(world, member, id, false);
      await deliver(world);
    }
  }

  test("is removed at once, by a commit of that alone, without the inactivity timer (W21)", async () => {
    await fallToTheThreshold();
    expect(scoreOf(onlooker, target)).toBe(0n);
    expect(asked(onlooker)).toMatchObject({
      kind: "emergency_criteria",
      evidence: {
        violationType: ViolationType.ScoreBelowThreshold,
        targetMemberId: memberIdToBytes(target.id),
      },
    });
    expect(eventsOfKind(onlooker, "voteRequested").at(-1)?.defaultVote).toBe(true);
    const asksAtMs = world.nowMs;
    await runUntil(world, () => staying().every(({ state }) => state.group?.epoch === 2n));
    expect(world.nowMs - asksAtMs).toBe(10_000);
    for (const member of staying()) {
      expect(eventsOfKind(member, "commitApplied")).toMatchObject([
        { urgent: true, changes: [{ request: removeRequest(target.id) }] },
      ]);
    }
    expect(target.state.endReason).toBe("removed");
    expect(agree(staying())).toBe(true);
  });

  test("is not proposed for removal while other work waits for its commit (W22)", async () => {
    await propose(world, onlooker, removeRequest(other.id));
    await runUntil(world, () => world.members.every(({ state }) => state.approved.length === 1));
    await fallToTheThreshold();
    const emergencies = (member: Member): number =>
      eventsOfKind(member, "voteRequested").filter(
        ({ request }) =>
          request.kind === "emergency_criteria" &&
          request.evidence?.violationType === ViolationType.ScoreBelowThreshold,
      ).length;
    expect(emergencies(onlooker)).toBe(0);
    const left = staying().filter((member) => member !== other);
    await runUntil(world, () => left.every(({ state }) => state.group?.epoch === 2n));
    await deliver(world);
    expect(emergencies(onlooker)).toBeGreaterThan(0);
  });
});
