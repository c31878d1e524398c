import type { MlsAction, StagedCommit } from "@demls/mls";
import type { MemberId } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import type { InboundOutcome } from "../../src/trace/index.js";
import { removeRequest } from "../../src/model/request.js";
import {
  additionOf,
  advance,
  approve,
  candidatePacket,
  castOf,
  changedFields,
  eventsOf,
  forgedCommit,
  fork,
  gather,
  type Member,
  receive,
  scoreOf,
  stranger,
  type World,
} from "../harness/index.js";
import { mayChange } from "../hostile/refusals.js";

const settled = await gather(["alice", "bob", "carol", "dave", "erin"]);

let world: World;
/** The epoch steward. */
let steward: Member;
let onlooker: Member;
/** Members that are not on the list, by id. */
let first: Member, second: Member;

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  const cast = castOf(world);
  steward = cast.steward;
  [first, second, onlooker] = cast.others.sort((a, b) => (a.id < b.id ? -1 : 1));
  // Only the steward commits, and only when a test makes it commit.
  for (const member of world.members) member.online = member === onlooker;
});

/**
 * The onlooker's staging result of a genuine candidate, changed as only a complete RFC 9420 library could produce it.
 */
function reports(twist: (staged: StagedCommit) => Partial<StagedCommit>): void {
  const { mls } = onlooker.plugins;
  const twisted: typeof mls = {
    ...mls,
    async stage(group, proposals, commit) {
      const result = await mls.stage(group, proposals, commit);
      if (result.outcome.kind !== "staged") return result;
      const { staged } = result.outcome;
      return { ...result, outcome: { kind: "staged", staged: { ...staged, ...twist(staged) } } };
    },
  };
  Object.assign(onlooker, { plugins: { ...onlooker.plugins, mls: twisted } });
}

/** Delivers the steward's genuine candidate to the onlooker, and waits until its selection is over. */
async function commits(
  ...changes: Parameters<typeof forgedCommit>[1]
): Promise<{ readonly outcome: InboundOutcome; readonly cost: bigint; readonly causes: readonly unknown[] }> {
  const before = scoreOf(onlooker, steward) ?? 0n;
  const commit = await forgedCommit(steward, changes);
  const outcome = await receive(world, onlooker, candidatePacket(steward, commit));
  await advance(world, 120_000);
  const causes = eventsOf(onlooker, "scoreChanged")
    .filter(({ member }) => member === steward.id)
    .map(({ cause }) => cause);
  return { outcome, cost: (scoreOf(onlooker, steward) ?? 0n) - before, causes };
}

function expectNothingMerged(): void {
  expect(eventsOf(onlooker, "commitCandidateChosen")).toEqual([]);
  expect(onlooker.state.group?.epoch).toBe(1n);
  expect(onlooker.state.phase).toBe("reelection");
}

describe("a steward whose commit contains unapproved changes outside its bundled proposals", () => {
  const removal = (member: Member): MlsAction => ({ kind: "remove", member: member.id });
  const unbound = {
    signatureKey: new Uint8Array(32),
    admission: undefined,
    identityProof: undefined,
    keySince: 0,
    replaces: [],
    claimedName: undefined,
    boundTo: undefined,
  };
  const member = "ab".repeat(20) as MemberId;
  const addition: MlsAction = { kind: "add", member, reference: "00", madeAtSeconds: 0n, ...unbound };

  test.each<[string, () => MlsAction]>([
    ["a removal", () => removal(second)],
    ["an addition", () => addition],
    ["the same removal again", () => removal(first)],
    ["something else", () => ({ kind: "other", type: "group_context_extensions" })],
  ])("is rejected with an approved removal and: %s", async (_what, hidden) => {
    await approve(world, removeRequest(first.id));
    reports(({ actions }) => ({ actions: [...actions, hidden()] }));
    const { causes } = await commits({ kind: "remove", member: first.id });
    expectNothingMerged();
    expect(causes).toContain("broken-mls-proposal");
  });

  test.each<[string, () => MlsAction]>([
    ["a removal", () => removal(second)],
    ["an addition", () => addition],
  ])("is rejected with an approved add and: %s", async (_what, hidden) => {
    const request = await additionOf(world, stranger(1), "joiner");
    await approve(world, request);
    reports(({ actions }) => ({ actions: [...actions, hidden()] }));
    const { causes } = await commits({ kind: "add", keyPackage: request.keyPackage });
    expectNothingMerged();
    expect(causes).toContain("broken-mls-proposal");
  });

  test("wins with the same commit without them", async () => {
    await approve(world, removeRequest(first.id));
    await commits({ kind: "remove", member: first.id });
    expect(eventsOf(onlooker, "commitCandidateChosen")).toMatchObject([{ steward: steward.id }]);
  });
});

describe("a steward that commits another member's proposal", () => {
  test("is not selected, and is scored for a broken commit", async () => {
    await approve(world, removeRequest(first.id));
    reports(() => ({ proposalSenders: [second.id] }));
    const before = scoreOf(onlooker, second);
    const { outcome, causes, cost } = await commits({ kind: "remove", member: first.id });
    expect(outcome).toEqual({
      kind: "rejected",
      reason: "unauthorized-candidate",
      detail: "foreign-proposals",
      sender: steward.id,
    });
    expectNothingMerged();
    expect(causes).toContain("broken-commit");
    expect(cost).toBeLessThanOrEqual(-50n);
    expect(scoreOf(onlooker, second)).toBe(before);
  });

  test("changes no other part of the state", async () => {
    await approve(world, removeRequest(first.id));
    reports(() => ({ proposalSenders: [second.id] }));
    const before = onlooker.state;
    const commit = await forgedCommit(steward, [{ kind: "remove", member: first.id }]);
    const outcome = await receive(world, onlooker, candidatePacket(steward, commit));
    const after = onlooker.state;
    const permitted = mayChange(outcome, before, after);
    expect(permitted).not.toBe("anything");
    expect([...after.commit.candidates.values()]).toMatchObject([{ steward: steward.id, ownWork: false }]);
    const changed = changedFields(before, after);
    expect(changed.filter((field) => permitted !== "anything" && !permitted.has(field))).toEqual([]);
  });
});

describe("a 3.0.0 steward in a group that approved one key package twice (W10)", () => {
  test("is followed: it sends the Add twice, and one is approved on this member", async () => {
    const request = await additionOf(world, stranger(1), "joiner");
    await approve(world, request);
    const add = { kind: "add", keyPackage: request.keyPackage } as const;
    const first = await forgedCommit(steward, [add]);
    const { proposals, commit } = await forgedCommit(steward, [add]);
    expect(proposals).not.toEqual(first.proposals);
    const packet = candidatePacket(steward, { proposals: [...first.proposals, ...proposals], commit });
    expect(await receive(world, onlooker, packet)).toMatchObject({ kind: "accepted", what: "candidate" });
    await advance(world, 60_000);
    expect(eventsOf(onlooker, "commitCandidateChosen")).toMatchObject([{ steward: steward.id }]);
    expect(onlooker.state.changes.approved).toEqual([]);
  });
});
