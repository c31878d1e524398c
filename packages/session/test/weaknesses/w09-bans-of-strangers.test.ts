import type { CompatibilityMode } from "../../src/index.js";
import { memberIdFromBytes, memberIdToBytes, type MemberId } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import { removeRequest, scoreRemovalRequest, type ChangeRequest } from "../../src/model/request.js";
import {
  advance,
  alter,
  ban,
  decisionsOf,
  defaultsOf,
  eventsOf,
  gatherInEachMode,
  keyPackageOf,
  MODES,
  propose,
  putToVote,
  required,
  scoreOf,
  sendUnchecked,
  settle,
  shareEpoch,
  stewardsOf,
  stranger,
  until,
  voteIn,
  type Member,
  type World,
} from "../harness/index.js";

const settled = await gatherInEachMode(["alice", "bob", "carol", "dave", "mallory"]);

const STRANGER: MemberId = memberIdFromBytes(stranger(9));

let world: World, mallory: Member, honest: Member[];

async function enter(mode: CompatibilityMode): Promise<void> {
  ({ world } = await settled(mode));
  honest = world.members.slice(0, 4);
  mallory = required(world.members[4]);
}

function reportsOf(member: Member): readonly string[] {
  return eventsOf(member, "error")
    .filter(({ operation }) => operation === "approvedChange")
    .map(({ message }) => message);
}

/** A score removal of a non-member. */
function scoreRemoval(creator: Member): ChangeRequest {
  return scoreRemovalRequest(creator.id, STRANGER, -1n, 1n);
}

/** The scores of honest members on each other. */
function honestScores(): readonly (bigint | undefined)[] {
  return honest.flatMap((viewer) => honest.map((member) => scoreOf(viewer, member)));
}

/** In 3.0.0 the ban of a non-member was approved, and no commit was possible afterwards. */
describe.each(MODES)("W9: a ban of a non-member (%s)", (mode) => {
  beforeEach(() => enter(mode));

  test("is rejected for its proposer", async () => {
    await expect(propose(world, required(honest[0]), removeRequest(STRANGER))).rejects.toMatchObject({
      code: "not-a-member",
    });
    const userToBan = memberIdToBytes(STRANGER);
    await sendUnchecked(world, mallory, { kind: "ban_request", userToBan, conversationName: "garden" });
    await settle(world);
    for (const { outcomes } of honest)
      expect(outcomes.at(-1)).toMatchObject({ kind: "rejected", reason: "not-a-member" });
  });

  test("is refused as a removal for a low score, too, and voted no as one", async () => {
    const asker = required(honest[0]);
    await expect(propose(world, asker, scoreRemoval(asker))).rejects.toMatchObject({ code: "not-a-member" });
    await putToVote(world, mallory, scoreRemoval(mallory));
    for (const member of honest)
      expect(decisionsOf(member, "defaultVote").at(-1)).toMatchObject({ reason: "not-a-member" });
  });

  test("is voted no when proposed all the same, and so refused", async () => {
    await putToVote(world, mallory, removeRequest(STRANGER));
    expect(defaultsOf(honest)).toEqual([false, false, false, false]);
    await advance(world, 10_000);
    for (const member of honest) {
      expect(eventsOf(member, "proposalDecided")).toMatchObject([{ result: "no" }]);
      expect(member.state.changes.approved).toEqual([]);
    }
  });

  test("is not the ban of a member, which all but its target vote as configured", async () => {
    await putToVote(world, mallory, removeRequest(required(honest[0]).id));
    expect(defaultsOf(honest)).toEqual([mode === "strict" ? undefined : false, true, true, true]);
  });
});

describe.each([
  ["a ban", () => removeRequest(STRANGER)],
  ["a score removal", () => scoreRemoval(mallory)],
])("W9: %s of a non-member, approved by hand", (_what, request) => {
  test("stays and is reported with its way out, since 3.0.0 members keep it (de-mls-3)", async () => {
    await enter("de-mls-3");
    const scores = honestScores();
    await voteIn(world, honest, await putToVote(world, mallory, request()));
    await until(world, () => honest.every(({ state }) => state.phase === "reelection"));
    for (const member of honest) {
      expect(member.state.changes.approved).toHaveLength(1);
      expect(reportsOf(member)).toEqual([
        expect.stringMatching(
          `${STRANGER}, the target of a removal, is not a member.*create a new conversation`,
        ),
      ]);
    }
    // No member could have committed it, so none loses score.
    expect(honestScores()).toEqual(scores);
  });

  test("is dropped at once and reported, and the next commit comes about (strict)", async () => {
    await enter("strict");
    await voteIn(world, honest, await putToVote(world, mallory, request()));
    for (const member of honest) {
      expect(member.state).toMatchObject({
        phase: "working",
        changes: { approved: [], urgentTarget: undefined },
      });
      expect(reportsOf(member)).toEqual([expect.stringMatching(`^Approved work was dropped: ${STRANGER}`)]);
    }
    const target = required(honest.find(({ id }) => !stewardsOf(mallory).includes(id)));
    const staying = honest.filter((member) => member !== target);
    await ban(world, required(staying[0]), target);
    await until(world, () => staying.every(({ state }) => state.group?.epoch === 2n));
    expect(shareEpoch(staying)).toBe(true);
  });
});

test("The approved addition of a member is dropped without an error, since it is done (strict)", async () => {
  await enter("strict");
  const [alice] = honest;
  const member = required(alice).id;
  const keyPackage = await keyPackageOf(world, memberIdToBytes(member), "again");
  const approved = [
    { proposalId: 1, proposer: mallory.id, request: { kind: "add", member, keyPackage } },
  ] as const;
  for (const voter of honest) alter(voter, "changes", { approved });
  await voteIn(world, honest, await putToVote(world, mallory, removeRequest(STRANGER)));
  for (const voter of honest) {
    expect(decisionsOf(voter, "uncommittableChange")).toMatchObject([
      { obstacle: { kind: "alreadyAMember", target: member } },
      { obstacle: { kind: "notAMember", target: STRANGER } },
    ]);
    expect(voter.state).toMatchObject({ phase: "working", changes: { approved: [] } });
    expect(reportsOf(voter)).toEqual([expect.stringMatching(STRANGER)]);
  }
});
