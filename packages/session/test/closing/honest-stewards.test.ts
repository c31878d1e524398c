import { memberIdToBytes, REPAIR_SUBTOPIC, type MemberId } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import { lawfulCandidates } from "../../src/closing/strict/lawful.js";
import { removeRequest } from "../../src/model/request.js";
import {
  additionOf,
  approve,
  alter,
  ban,
  candidatePacket,
  disagreements,
  environmentOf,
  epochOf,
  eventsOf,
  forgedCommit,
  fork,
  gather,
  leave,
  type Member,
  receive,
  recordOf,
  required,
  rolesOf,
  runFor,
  runUntil,
  scoreOf,
  stewardsOf,
  stranger,
  type World,
} from "../harness/index.js";
import { repairPacket } from "../lost-packets/material.js";
import { beginTransaction } from "../../src/model/transaction.js";

const NAMES = ["alice", "bob", "carol", "dave", "erin", "frank", "grace"];
const SEEDS = 4;
const stewards = { snMin: 3, snMax: 3 };

/** A member leaves, and the others settle. */
async function goWithout(world: World, leaver: Member): Promise<void> {
  const left = (leaver.state.group?.members.length ?? 0) - 1;
  await leave(world, leaver);
  const isGone = ({ state }: Member) => state.phase === "ended" || state.group.members.length === left;
  await runUntil(world, () => world.members.every(isGone));
  await runFor(world, 60_000);
}

/** Members that have lost score at some member. */
function losers(members: readonly Member[]): ReadonlySet<MemberId> {
  const changes = members.flatMap((member) => eventsOf(member, "scoreChanged"));
  return new Set(changes.flatMap(({ member, cause }) => (cause === "successful-commit" ? [] : [member])));
}

describe("A steward that leaves", () => {
  test("costs no other member score, in each turn of the list, and all have the same scores", async () => {
    for (let seed = 0; seed < SEEDS; seed++) {
      const options = { mode: "strict", fakes: true, seed: `leaves ${seed}`, stewards } as const;
      const { world } = await gather(NAMES, options);
      const delays = required(world.members[0]).random.fork("delays");
      world.delaysMs = () => [delays.integer(10, 300)];
      const list = stewardsOf(required(world.members[0]));
      const others = world.members.filter(({ id }) => !list.includes(id));
      // Each departure of another member ends an epoch, and the turn of a steward.
      for (const other of others.slice(0, 2)) {
        await goWithout(world, other);
        for (const id of list) {
          const { world: copy } = await fork(world, id);
          await goWithout(copy, required(copy.members.find((member) => member.id === id)));
          // Its commit would tell that a steward was missed.
          const last = copy.members.find(({ state }) => state.phase !== "ended");
          await goWithout(copy, required(last));
          const staying = copy.members.filter(({ state }) => state.phase !== "ended");
          expect([...losers(staying)], `seed ${seed}`).toEqual([]);
          expect(disagreements(staying)).toEqual([]);
        }
      }
    }
  });
});

const settled = await gather(["alice", "bob", "carol", "dave", "erin"], {
  mode: "strict",
  fakes: true,
  stewards: { snMin: 2, allowSubsetCandidates: true },
});
await runFor(settled.world, 60_000);

let world: World;
let steward: Member, backup: Member, one: Member, two: Member, three: Member;
let all: readonly Member[];

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  [steward, backup, one, two, three] = rolesOf(world);
  all = [steward, backup, one, two, three];
});

const scoresOf = (of: Member) => [...new Set(all.map((viewer) => scoreOf(viewer, of)))];
const passedAt = ({ state }: Member) => state.record.passed?.steward;

async function commitNext(): Promise<void> {
  const epoch = epochOf(one);
  await runUntil(world, () => all.every((member) => epochOf(member) > epoch));
}

/** An epoch of which `steward` receives everything, and in which no member has a candidate of it. */
async function silence(): Promise<void> {
  await approve(world, await additionOf(world, stranger(1), "one"));
  world.repairs = false;
  world.arrives = ({ from, packet }) => from !== steward || packet.subtopic === REPAIR_SUBTOPIC;
  await commitNext();
  world.arrives = () => true;
  world.repairs = true;
}

/** A vote passes early at `steward` alone, so that the others do not accept its commit, and that of `backup` is merged. */
async function overtake(): Promise<void> {
  await approve(world, await additionOf(world, stranger(1), "one"));
  await runFor(world, 55_000);
  const proposalId = await ban(world, one, three);
  await runFor(world, 1_000);
  const early = { proposalId, request: removeRequest(three.id), proposer: one.id };
  alter(steward, "changes", { approved: [...steward.state.changes.approved, early] });
  await commitNext();
  expect(eventsOf(one, "commitApplied").at(-1)?.committer).toBe(backup.id);
}

/** A further commit of all who are there. */
async function commitAnother(): Promise<void> {
  await approve({ ...world, members: [...all] }, await additionOf(world, stranger(2), "two"));
  await commitNext();
}

describe("A steward whose turn it was", () => {
  test("pays with the next commit if the others have no candidate of it, the same at all members", async () => {
    await silence();
    expect(all.map(passedAt)).toEqual(all.map(() => steward.id));
    expect(losers(all)).toEqual(new Set());
    await commitAnother();
    for (const member of all) expect(losers([member])).toEqual(new Set([steward.id]));
    expect(scoresOf(steward)).toHaveLength(1);
    expect(disagreements(all)).toEqual([]);
  });
});

describe("The author of a commit", () => {
  /** Whether a member accepts a record in which `backup` charges `steward`. */
  async function acceptsCharge(member: Member): Promise<boolean> {
    const addition = await additionOf(world, stranger(2), "two");
    await approve({ ...world, members: [...all] }, addition);
    const author = backup;
    const { scoring } = author.plugins;
    const record = await recordOf(author, (honest) => {
      const opening = author.state.record.opening?.scores;
      const charged = scoring.applyOp(opening, { memberId: steward.id, event: "censorship-inactivity" });
      const peerScores = scoring
        .snapshot(charged)
        .diverged.map(({ memberId, score }) => ({ memberId: memberIdToBytes(memberId), score }));
      return {
        ...honest,
        state: { ...honest.state, peerScores },
        silentSteward: memberIdToBytes(steward.id),
      };
    });
    const commit = await forgedCommit(author, [{ kind: "add", keyPackage: addition.keyPackage }], record);
    await receive(world, member, candidatePacket(author, commit));
    const state = member.state as never;
    const lawful = await lawfulCandidates(beginTransaction(state, environmentOf(world, member)));
    return lawful.some((candidate) => candidate.steward === author.id);
  }

  test("may charge a steward that the others have missed", async () => {
    await silence();
    await runFor(world, 20_000);
    expect(await acceptsCharge(one)).toBe(true);
  });

  test("cannot charge one whose commit was merged", async () => {
    await approve(world, await additionOf(world, stranger(1), "one"));
    await commitNext();
    expect(eventsOf(one, "commitApplied").at(-1)?.committer).toBe(steward.id);
    expect(await acceptsCharge(one)).toBe(false);
  });

  test("cannot charge one whose candidate the others had, though another commit was merged", async () => {
    await overtake();
    await runFor(world, 20_000);
    expect(passedAt(one)).toBe(steward.id);
    expect(await acceptsCharge(one)).toBe(false);
  });
});

describe("A choice that names a steward", () => {
  test("names none that is no member of the epoch", async () => {
    const choice = {
      kind: "choice",
      commitHash: new Uint8Array(32).fill(7),
      silentSteward: new Uint8Array(5_000).fill(1),
    } as const;
    await receive(world, one, await repairPacket(world, two, choice));
    const slots = one.state.repair.log.map(({ slot }) => slot).filter(({ kind }) => kind === "choice");
    expect(slots.at(-1)).toMatchObject({ silent: undefined });
  });
});
