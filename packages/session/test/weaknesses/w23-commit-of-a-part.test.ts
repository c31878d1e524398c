import type { MlsService } from "@demls/mls";
import { DemlsError } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import { removeRequest } from "../../src/model/request.js";
import {
  approve,
  broadcast,
  candidatePacket,
  epochStewardOf,
  eventsOf,
  expectMistake,
  forgedCommit,
  fork,
  gather,
  openScene,
  rolesOf,
  shareEpoch,
  until,
  type Member,
  type Person,
  type World,
  keepToStewards,
} from "../harness/index.js";

const NAMES = ["alice", "bob", "carol", "dave", "erin"];
const mixed = await gather(NAMES, { mode: "de-mls-3" });
/** A conversation as created by a 3.0.0 founder. */
const tempting = await gather(NAMES, { mode: "de-mls-3", stewards: { allowSubsetCandidates: true } });
const strict = await gather(NAMES, { mode: "strict" });
const lenient = await gather(NAMES, { mode: "strict", stewards: { allowSubsetCandidates: true } });

interface Shortfall {
  readonly world: World;
  /** The author of a commit that omits the second of two approved removals. */
  readonly author: Member;
  readonly first: Member;
  readonly second: Member;
  /** All members without an approved removal. */
  readonly staying: readonly Member[];
}

/** Approves two removals; the epoch steward commits only the first. */
async function shortCommit(settled: World, backupCommits: boolean): Promise<Shortfall> {
  const { world } = await fork(settled);
  const [author, backup, first, second] = rolesOf(world);
  commitsOnlyTheFirst(author);
  if (!backupCommits) cannotCommit(backup);
  await approve(world, removeRequest(first.id), removeRequest(second.id));
  const staying = world.members.filter((member) => member !== first && member !== second);
  return { world, author, first, second, staying };
}

/** Commits the first approved change, and stores the commit as its own candidate. */
function commitsOnlyTheFirst(member: Member): void {
  const createCandidate: MlsService["createCandidate"] = (group, changes, data) =>
    member.mls.createCandidate(group, changes.slice(0, 1), data);
  Object.assign(member, { plugins: { ...member.plugins, mls: { ...member.mls, createCandidate } } });
}

function cannotCommit(member: Member): void {
  const createCandidate = (): Promise<never> =>
    Promise.reject(new DemlsError("commit-failed", { message: "Not today." }));
  Object.assign(member, { plugins: { ...member.plugins, mls: { ...member.mls, createCandidate } } });
}

describe("W23: a commit of a subset of the approved changes", () => {
  describe("in de-mls-3 mode", () => {
    let alice: Person;

    beforeEach(async () => {
      ({ alice } = await openScene("subsets", "alice"));
    });
    test("is rejected as a setting of a new conversation", async () => {
      const stewards = { allowSubsetCandidates: true };
      await expectMistake(
        alice.user.createConversation("garden", { stewards, compatibility: "de-mls-3" }),
        "invalid-steward-list-config",
        "allowSubsetCandidates",
      );
      expect(alice.user.conversations.size).toBe(0);
      const options = { stewards, compatibility: "strict" } as const;
      const garden = await alice.user.createConversation("garden", options);
      expect(garden.state.stewardBounds.allowSubsetCandidates).toBe(true);
    });

    test.each([
      ["the settings say nothing of it", mixed],
      ["a 3.0.0 founder has allowed it", tempting],
    ])("is merged by no member, not even its author, if %s", async (_settings, settled) => {
      const { world, author, staying } = await shortCommit(settled.world, false);
      await until(world, () => staying.every(({ state }) => state.phase === "reelection"));
      expect(eventsOf(author, "commitCandidateReceived")).toMatchObject([{ own: true, proposals: 1 }]);
      for (const { state } of staying) {
        expect(state.group?.epoch).toBe(1n);
        expect(state.changes.approved).toHaveLength(2);
      }
    });
  });

  describe("in strict mode", () => {
    test("is merged by no member, not even its author, by default", async () => {
      const { world, author, staying } = await shortCommit(strict.world, false);
      keepToStewards(world);
      await until(world, () => staying.every(({ state }) => state.phase === "reelection"));
      expect(eventsOf(author, "commitCandidateReceived")).toMatchObject([{ own: true, proposals: 1 }]);
      for (const { state } of staying) expect(state.group?.epoch).toBe(1n);
    });

    test("is merged by all members with allowSubsetCandidates; the omitted change is committed next", async () => {
      const { world, first, second, staying } = await shortCommit(lenient.world, false);
      await until(world, () => staying.every(({ state }) => state.group?.epoch === 2n));
      expect(first.state.endReason).toBe("removed");
      for (const member of staying) {
        expect(member.state.group?.members).toContain(second.id);
        expect(member.state.changes.approved).toMatchObject([{ request: removeRequest(second.id) }]);
        expect(eventsOf(member, "commitApplied").at(-1)).toMatchObject({
          changes: [{ request: removeRequest(first.id) }],
        });
      }
      for (const member of world.members)
        Object.assign(member, { plugins: { ...member.plugins, mls: member.mls } });
      await until(world, () => staying.every(({ state }) => state.group?.epoch === 3n));
      expect(second.state.endReason).toBe("removed");
      expect(shareEpoch(staying)).toBe(true);
    });

    test("ranks below a commit of all approved changes", async () => {
      const { world, author, staying } = await shortCommit(lenient.world, true);
      await until(world, () => staying.every(({ state }) => state.group?.epoch === 2n));
      for (const member of staying) {
        expect(eventsOf(member, "commitApplied").at(-1)?.changes).toHaveLength(2);
        expect(eventsOf(member, "commitApplied").at(-1)?.committer).not.toBe(author.id);
      }
    });

    test("is rejected if it contains an unapproved change", async () => {
      const { world } = await fork(lenient.world);
      const author = epochStewardOf(world, world.members[0] as Member);
      const [victim, approved, onlooker] = world.members.filter((member) => member !== author) as [
        Member,
        Member,
        Member,
      ];
      for (const member of world.members) cannotCommit(member);
      await approve(world, removeRequest(approved.id));
      const commit = await forgedCommit(author, [{ kind: "remove", member: victim.id }]);
      broadcast(world, author, candidatePacket(author, commit));
      await until(world, () => onlooker.state.phase === "reelection");
      expect(onlooker.state.group?.members).toContain(victim.id);
    });
  });
});
