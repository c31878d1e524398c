import { isDeepStrictEqual } from "node:util";
import type { EpochRecord } from "@demls/wire";
import { memberIdToBytes } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import { stewardSeed } from "../../src/model/steward-seed.js";
import { removeRequest, scoreRemovalRequest, type EmergencyRequest } from "../../src/model/request.js";
import {
  accusation,
  additionOf,
  advance,
  agreeOnScore,
  alter,
  approve,
  candidatePacket,
  candidatesBy,
  castOf,
  disagreements,
  environmentOf,
  eventsOf,
  forgedCommit,
  fork,
  gather,
  leave,
  propose,
  receive,
  recordOf,
  required,
  runFor,
  runUntil,
  scoreOf,
  settle,
  stewardsOf,
  stranger,
  trackedVotes,
  vote,
  type Member,
  type World,
  keepToStewards,
} from "../harness/index.js";
import { repairPacket } from "../lost-packets/material.js";
import { beginTransaction } from "../../src/model/transaction.js";

// After a commit, every member knows the opening of its epoch.
const settled = await gather(["alice", "bob", "carol", "dave", "erin", "frank"], {
  mode: "strict",
  fakes: true,
});
await leave(settled.world, required(settled.members[5]));
await runUntil(settled.world, () => settled.members.slice(0, 5).every(({ state }) => state.record.opening));
await runFor(settled.world, 60_000);

let world: World;
let steward: Member, backup: Member, one: Member, two: Member, three: Member;
let all: readonly Member[];

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  all = world.members.slice(0, 5);
  const cast = castOf({ ...world, members: [...all] });
  ({ steward, backup } = cast);
  [one, two, three] = cast.others;
});

const voteOf = (member: Member, proposalId: number) => member.state.votes.open.get(proposalId);

const resultsAt = ({ state }: Member) =>
  state.record.results.map(({ proposalId, approved }) => ({ proposalId, approved }));

/** Lets a member approve the removal of `two`, whatever the group decides. */
function approveRemoval(member: Member, proposalId: number): void {
  const request = removeRequest(two.id);
  alter(member, "changes", { approved: [{ proposalId: proposalId + 1, request, proposer: steward.id }] });
}

/** Waits until all members have merged the addition of a stranger. */
async function commitAddition(): Promise<void> {
  const { epoch } = steward.state.group;
  await approve({ ...world, members: [...all] }, await additionOf(world, stranger(1), "one"));
  await runUntil(world, () => all.every(({ state }) => state.group.epoch > epoch));
}

/** Lets a member approve or reject an accusation, with the votes of all others, which another member does not receive. */
async function accuse(missedBy: readonly Member[], approves = true): Promise<number> {
  const voters = all.filter((member) => member !== two && !missedBy.includes(member));
  world.repairs = false;
  world.arrives = ({ to }) => !missedBy.includes(to);
  const proposalId = await propose(world, one, accusation(one, two));
  await settle(world);
  for (const member of voters.filter((voter) => voter !== one))
    await vote(world, member, proposalId, approves);
  await runUntil(world, () => voters.every((member) => resultsAt(member).length > 0));
  world.arrives = () => true;
  return proposalId;
}

describe("The record of a commit", () => {
  test("tells a member that missed an emergency its effect", async () => {
    await accuse([three]);
    expect(scoreOf(three, two)).not.toBe(scoreOf(one, two));
    await commitAddition();
    expect(scoreOf(three, two)).toBe(scoreOf(one, two));
    expect(scoreOf(three, one)).toBe(scoreOf(two, one));
    expect(disagreements(all)).toEqual([]);
  });

  test("tells a member that missed an election the stewards", async () => {
    const other = [one, two].map(({ id }) => id);
    for (const member of [steward, backup, one, two]) {
      const { stewards } = member.plugins;
      const { list } = member.state.stewards;
      const { epoch } = member.state.group;
      const elected = stewards.installList(list, epoch, other, 2, 0).state;
      const request = {
        kind: "electStewards",
        electionEpoch: epoch,
        stewards: other,
        retryRound: 0,
      } as const;
      alter(member, "stewards", { list: elected, opening: list });
      alter(member, "record", { results: [{ proposalId: 7, approved: true, epoch, request }] });
    }
    expect(stewardsOf(three)).not.toEqual(stewardsOf(one));
    await commitAddition();
    expect(stewardsOf(three)).toEqual(stewardsOf(one));
    expect(eventsOf(three, "stewardsChanged").at(-1)).toMatchObject({ stewards: stewardsOf(one) });
    expect(disagreements(all)).toEqual([]);
  });

  test("heals scores that differ for any other reason", async () => {
    const { scoring } = three.plugins;
    const diverged = [{ memberId: one.id, score: 17n }];
    alter(three, "scores", { values: scoring.applySnapshot(three.state.scores.values, { diverged }) });
    await commitAddition();
    expect(scoreOf(three, one)).toBe(scoreOf(two, one));
  });

  test("may omit a result: its effect is applied in the next epoch, once", async () => {
    const before = scoreOf(steward, two) ?? 0n;
    await accuse([steward, backup]);
    const lower = scoreOf(one, two) ?? 0n;
    expect(lower).toBeLessThan(before);
    await commitAddition();
    expect(scoreOf(one, two)).toBe(lower);
    expect(resultsAt(one)).toHaveLength(1);
    const { epoch } = one.state.group;
    await approve({ ...world, members: [...all] }, await additionOf(world, stranger(2), "two"));
    await runUntil(world, () => all.every(({ state }) => state.group.epoch > epoch));
    expect(new Set(all.map((member) => scoreOf(member, two))).size).toBe(1);
    expect(all.map((member) => resultsAt(member).length)).toEqual(all.map(() => 0));
  });

  test("decides a vote that is open here, whatever its result", async () => {
    for (const approved of [true, false]) {
      ({ world } = await fork(settled.world));
      all = world.members.slice(0, 5);
      const cast = castOf({ ...world, members: [...all] });
      const [accuser, accused, slow] = cast.others;
      world.repairs = false;
      const proposalId = await propose(world, accuser, accusation(accuser, accused));
      await settle(world);
      const open = trackedVotes(slow).map(
        (vote) => [vote.proposalId, { ...vote, deadlineMs: Infinity }] as const,
      );
      alter(slow, "votes", { open: new Map(open) });
      world.arrives = ({ to }) => to !== slow;
      for (const voter of [cast.steward, cast.backup, accused])
        await vote(world, voter, proposalId, approved);
      await runUntil(world, () => resultsAt(cast.steward).length > 0);
      world.arrives = () => true;
      const { epoch } = slow.state.group;
      await approve({ ...world, members: [...all] }, await additionOf(world, stranger(1), "one"));
      await runUntil(world, () => slow.state.group.epoch > epoch);
      expect(eventsOf(slow, "proposalDecided").find((it) => it.proposalId === proposalId)?.result).toBe(
        approved ? "yes" : "no",
      );
      expect(voteOf(slow, proposalId)).toBeUndefined();
    }
  });

  test("takes back, with the second one, an approval that the authors did not know", async () => {
    const request = removeRequest(one.id);
    alter(three, "changes", { approved: [{ proposalId: 77, request, proposer: two.id }] });
    const commitWithout = async (number: number): Promise<void> => {
      const { epoch } = steward.state.group;
      const knowing = all.filter((member) => member !== three);
      await approve(
        { ...world, members: knowing },
        await additionOf(world, stranger(number), `key ${number}`),
      );
      await runUntil(world, () => all.every(({ state }) => state.group.epoch > epoch));
    };
    await commitWithout(1);
    expect(three.state.changes.approved).toHaveLength(1);
    await commitWithout(2);
    expect(three.state.changes.approved).toEqual([]);
    expect(eventsOf(three, "reconciled").at(-1)?.dropped).toEqual([{ proposalId: 77, request }]);
    await runUntil(world, () =>
      eventsOf(steward, "voteRequested").some((asked) => isDeepStrictEqual(asked.request, request)),
    );
  });

  test("cannot be judged by a member in the epoch in which it joined", async () => {
    alter(three, "record", { opening: undefined });
    agreeOnScore({ ...world, members: [three] }, one, 3n);
    await commitAddition();
    expect(scoreOf(three, one)).toBe(scoreOf(two, one));
  });
});

describe("A commit is not chosen by honest members if its record", () => {
  /** The phase of a member after its freeze, with a commit of this record alone. */
  async function freezeWith(twist: (record: EpochRecord) => EpochRecord, judge = three): Promise<string> {
    keepToStewards(world);
    const addition = await additionOf(world, stranger(1), "one");
    if (addition.kind !== "add") throw new Error("This is no addition.");
    await approve({ ...world, members: [...all] }, addition);
    world.arrives = () => false;
    const change = { kind: "add", keyPackage: addition.keyPackage } as const;
    const commit = await forgedCommit(steward, [change], await recordOf(steward, twist));
    await receive(world, judge, candidatePacket(steward, commit));
    expect(candidatesBy(judge, steward)).toHaveLength(1);
    await runUntil(world, () => ["selection", "reelection"].includes(judge.state.phase));
    return judge.state.phase;
  }

  const scored = (score: bigint) => (record: EpochRecord) => ({
    ...record,
    state: { ...record.state, peerScores: [{ memberId: memberIdToBytes(one.id), score }] },
  });

  /** A valid list of the epoch that nobody has elected. */
  const otherStewards = ({ state, ...rest }: EpochRecord): EpochRecord => {
    const { stewards } = three.plugins;
    const { epoch } = three.state.group;
    const pool = [one.id, two.id];
    const seed = stewardSeed(beginTransaction(three.state as never, environmentOf(world, three)));
    const seeded = stewards.withSeed(three.state.stewards.list, seed);
    const list = stewards.currentList(stewards.installList(seeded, epoch, pool, 2, 0).state);
    const stewardMembers = (list?.members ?? []).map(memberIdToBytes);
    const stated = {
      stewardMembers,
      electionEpoch: epoch,
      retryRound: 0,
      ...(seed && { stewardSeed: seed }),
    };
    return { ...rest, state: { ...state, ...stated } };
  };

  test("is the author's genuine one: then it is", async () => {
    expect(await freezeWith((record) => record)).toBe("selection");
  });

  test.each<[string, (record: EpochRecord) => EpochRecord]>([
    ["lowers a score", (record) => scored(1n)(record)],
    ["raises a score", (record) => scored(1_000n)(record)],
    ["names other stewards", otherStewards],
    ["lets any member commit", ({ state, ...rest }) => ({ ...rest, state: { ...state, recovery: true } })],
    [
      "changes a setting",
      ({ state, ...rest }) => ({
        ...rest,
        state: { ...state, livenessCriteriaYes: !state.livenessCriteriaYes },
      }),
    ],
    ["states an unknown result", (record) => ({ ...record, results: [{ proposalId: 99, approved: true }] })],
  ])("%s", async (_what, twist) => {
    expect(await freezeWith(twist)).toBe("reelection");
  });

  test("states a result twice", async () => {
    const proposalId = await accuse([]);
    const result = { proposalId, approved: true };
    expect(await freezeWith((record) => ({ ...record, results: [result, result] }))).toBe("reelection");
  });

  test.each([
    ["of a steward that knows more votes: then it is", "selection", () => steward],
    ["of a member that only renews its keys", "working", () => one],
  ])("states a result that this member has not reached, %s", async (_, phase, authorOf) => {
    const { id } = two;
    world.repairs = false;
    // Silence counts as no on a removal, so that votes which are not here may decide.
    const request = scoreRemovalRequest(one.id, id, 0n, one.state.group.epoch) as EmergencyRequest;
    const proposalId = await propose(world, one, request);
    await settle(world);
    world.arrives = () => false;
    await vote(world, three, proposalId, false);
    await runUntil(world, () => voteOf(three, proposalId)?.result !== undefined);
    expect(voteOf(three, proposalId)?.result).not.toBe("yes");
    const author = authorOf();
    const { epoch } = author.state.group;
    alter(author, "record", { results: [{ proposalId, approved: true, epoch, request }] });
    const record = await recordOf(author);
    const changes = author === steward ? [{ kind: "remove", member: id } as const] : [];
    if (author === steward) approveRemoval(three, proposalId);
    await receive(world, three, candidatePacket(author, await forgedCommit(author, changes, record)));
    await runFor(world, 90_000);
    expect(candidatesBy(three, author)).toHaveLength(1);
    expect(three.state.phase).toBe(phase);
  });

  test("states another result than the votes allow", async () => {
    const proposalId = await accuse([], false);
    expect(await freezeWith((record) => ({ ...record, results: [{ proposalId, approved: true }] }))).toBe(
      "reelection",
    );
  });
});

describe("A commit is not held by any member, however many have chosen it, if its record", () => {
  test.each([
    ["is missing", new Uint8Array(0)],
    ["is not encrypted for this epoch", new Uint8Array(64).fill(7)],
  ])("%s", async (_what, record) => {
    await accepted("unreadable-record", record);
  });

  test.each<[string, (record: EpochRecord) => EpochRecord]>([
    ["has no stewards", ({ state, ...rest }) => ({ ...rest, state: { ...state, stewardMembers: [] } })],
    [
      "makes all newcomers removable",
      ({ state, ...rest }) => ({ ...rest, state: { ...state, thresholdPeerScore: 500n } }),
    ],
    ["has an impossible setting", ({ state, ...rest }) => ({ ...rest, state: { ...state, snMin: 0 } })],
  ])("%s", async (_what, twist) => {
    await accepted("unreadable-record", (await recordOf(steward, twist)) as Uint8Array);
  });

  async function accepted(detail: string, record: Uint8Array): Promise<void> {
    const { keyPackage } = await additionOf(world, stranger(1), "one");
    const commit = await forgedCommit(steward, [{ kind: "add", keyPackage }], record);
    for (const member of [steward, backup, one]) {
      const choice = { kind: "choice", commitHash: commit.hash } as const;
      await receive(world, three, await repairPacket(world, member, choice));
    }
    const outcome = await receive(world, three, candidatePacket(steward, commit));
    expect(outcome).toEqual({ kind: "rejected", reason: "invalid-candidate", detail, sender: steward.id });
    const { epoch } = three.state.group;
    world.arrives = () => false;
    await advance(world, 600_000);
    expect(three.state.group.epoch).toBe(epoch);
  }
});
