import { createPeerScoring, type PeerScoringPlugin, type ScoreOp } from "@demls/scoring";
import { beforeEach, describe, expect, test } from "vitest";
import { removeRequest } from "../../src/model/request.js";
import {
  additionOf,
  approve,
  stranger,
  epochStewardOf,
  eventsOf,
  fork,
  gather,
  type Member,
  scoreOf,
  shareEpoch,
  stewardsOf,
  until,
  type World,
} from "../harness/index.js";

const peerScoring = createPeerScoring();
const settled = await gather(["alice", "bob", "carol", "dave", "erin"], { mode: "strict" });

let world: World;
let steward: Member;
let target: Member;
let staying: readonly Member[];

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  steward = epochStewardOf(world, world.members[0] as Member);
  target = world.members.find(({ id }) => !stewardsOf(steward).includes(id)) as Member;
  staying = world.members.filter((member) => member !== target);
});

/** Sets a member's scoring rules. */
function score(member: Member, scoring: PeerScoringPlugin): void {
  Object.assign(member, { plugins: { ...member.plugins, scoring } });
}

/** Records the operations passed to each member's plug-in. */
function recorded(): ReadonlyMap<Member, readonly ScoreOp[]> {
  const told = new Map(world.members.map((member) => [member, [] as ScoreOp[]]));
  for (const [member, ops] of told) {
    score(member, {
      ...peerScoring,
      applyOp(state, op) {
        ops.push(op);
        return peerScoring.applyOp(state, op);
      },
    });
  }
  return told;
}

/** The target's removal, approved by everyone, until it is committed. */
async function removal(): Promise<void> {
  await approve(world, removeRequest(target.id));
  await until(world, () => shareEpoch(staying) && (steward.state.group?.members.length ?? 5) === 4);
}

describe("The operations passed to a scoring plug-in", () => {
  test("are the same at all members, the absent epoch steward included", async () => {
    const told = recorded();
    // It receives everything, and its candidate is lost.
    steward.online = false;
    await removal();
    const [first] = eventsOf(steward, "commitApplied").slice(-1);
    for (const member of staying)
      expect(told.get(member)).toEqual([{ memberId: first?.committer, event: "successful-commit" }]);
    await approve({ ...world, members: [...staying] }, await additionOf(world, stranger(1), "next"));
    await until(world, () => shareEpoch(staying) && steward.state.group?.members.length === 5);
    const [second] = eventsOf(steward, "commitApplied").slice(-1);
    for (const member of staying) {
      // The record of the second commit states the fault. Members reckon it too while they check candidates.
      const ops = told.get(member)?.slice(1) ?? [];
      const fault = { memberId: steward.id, event: "censorship-inactivity" };
      expect(ops.at(-1)).toEqual({ memberId: second?.committer, event: "successful-commit" });
      expect(new Set(ops.slice(0, -1).map((op) => JSON.stringify(op)))).toEqual(
        new Set([JSON.stringify(fault)]),
      );
      const costs = eventsOf(member, "scoreChanged").filter(({ cause }) => cause === fault.event);
      expect(costs).toMatchObject([{ member: steward.id }]);
    }
  });

  test("may change the scores of other members, without an event", async () => {
    for (const member of world.members) {
      score(member, {
        ...peerScoring,
        applyOp(state, op) {
          if (op.event !== "successful-commit") return peerScoring.applyOp(state, op);
          const others = peerScoring
            .allMembersWithScores(state)
            .filter(({ memberId }) => memberId !== op.memberId);
          return peerScoring.applySnapshot(state, {
            diverged: others.map((other) => ({ ...other, score: 0n })),
          });
        },
      });
    }
    const onNoList = staying.filter(({ id }) => !stewardsOf(steward).includes(id));
    await removal();
    expect(onNoList.map((member) => scoreOf(steward, member))).toEqual([0n, 0n]);
    const told = eventsOf(steward, "scoreChanged").map(({ member }) => member);
    expect(onNoList.filter(({ id }) => told.includes(id))).toEqual([]);
    const proposed = staying.flatMap((member) => eventsOf(member, "ownProposalSubmitted"));
    expect(proposed.map(({ request }) => request.kind)).toContain("emergency");
  });
});
