import { beforeEach, describe, expect, test } from "vitest";
import { atFork } from "../../src/branches/at-fork.js";
import { mustNotMerge, viewOfEpoch } from "../../src/closing/strict/close-epoch.js";
import type { Active } from "../../src/model/state.js";
import { beginTransaction, type ActiveTransaction } from "../../src/model/transaction.js";
import { noteAtFork } from "../../src/branches/note-at-fork.js";
import { noteNews } from "../../src/standing/index.js";
import { environmentOf, type Member, type World } from "../harness/index.js";
import { branch, enter, meet } from "./scene.js";

let world: World;
let steward: Member, backup: Member, one: Member;
let at: bigint;

beforeEach(async () => {
  ({ world, steward, backup, one } = await enter(4));
  at = await branch(world, [steward, one]);
});

const transactionOf = (member: Member): ActiveTransaction =>
  beginTransaction(member.state as Active, environmentOf(world, member));

describe("A commit that a member has taken back", () => {
  test("leads to a fork that is no younger", async () => {
    const { atMs } = backup.state.branches.forks.get(at) ?? {};
    await meet(world);
    expect(atMs).toBeDefined();
    expect(backup.state.branches.forks.get(at)?.atMs).toBe(atMs);
  });

  test("is never merged again, even if it is certified", async () => {
    await meet(world);
    const [hash = ""] = backup.state.branches.left;
    const fork = backup.state.branches.forks.get(at);
    if (fork === undefined) throw new Error("There is no fork.");
    const tx = transactionOf(backup);
    const [isLeftBlocked, isOtherBlocked] = await atFork(tx, fork, async (inner) => {
      const view = await viewOfEpoch(inner);
      if (view === undefined) throw new Error("There is no choice.");
      return [
        mustNotMerge(inner, view, { hash, isCertified: true }),
        mustNotMerge(inner, view, { hash: fork.merged, isCertified: true }),
      ];
    });
    expect([isLeftBlocked, isOtherBlocked]).toEqual([true, false]);
    expect(fork.state.commit.candidates.get(hash)?.staged.next).toBeUndefined();
  });
});

describe("The comparison of branches", () => {
  test("is not postponed by further packets", () => {
    const tx = transactionOf(steward);
    noteAtFork(tx, at);
    const { judgeAtMs } = tx.state.branches;
    const later = { ...tx, env: { ...tx.env, nowMs: tx.env.nowMs + 4_000 } };
    noteAtFork(later, at);
    expect(later.state.branches.judgeAtMs).toBe(judgeAtMs);
  });
});

describe("A branch", () => {
  /** Positions of all members of the current epoch but this one. */
  const othersOf = ({ env, state }: ActiveTransaction): number[] =>
    state.group.roster.flatMap(({ member }, position) => (member === env.self ? [] : [position]));

  function lostAfter(tx: ActiveTransaction, positions: readonly number[]): boolean {
    const { epoch } = tx.state.group;
    for (const position of positions) noteNews(tx, { kind: "branchMoved", epoch, position });
    return tx.state.repair.lostSinceMs !== undefined;
  }

  /** The steward, which a majority has followed before. */
  function established(): ActiveTransaction {
    const tx = transactionOf(steward);
    tx.state = { ...tx.state, rejoin: { ...tx.state.rejoin, certifiedEpoch: 1n } };
    return tx;
  }

  test("is lost once more than half of its members have left it", () => {
    const tx = established();
    const others = othersOf(tx);
    // Of five, with the stranger that the commit has added.
    expect(lostAfter(tx, others.slice(0, 2))).toBe(false);
    expect(lostAfter(tx, others.slice(2, 3))).toBe(true);
  });

  test("is not lost by one packet, however often it comes", () => {
    const tx = established();
    const [first = 0] = othersOf(tx);
    expect(lostAfter(tx, [first, first, first, first])).toBe(false);
  });

  test.each([
    [undefined, true],
    [1n, false],
  ])("is lost if its admitter leaves it, before a majority was there (%s)", (certifiedEpoch, isLost) => {
    const tx = transactionOf(one);
    const { rejoin, sync, group } = tx.state;
    const position = othersOf(tx)[0] ?? -1;
    tx.state = {
      ...tx.state,
      rejoin: { ...rejoin, certifiedEpoch },
      sync: { ...sync, admittedBy: group.roster[position]?.member },
    };
    expect(lostAfter(tx, [position])).toBe(isLost);
  });

  test("is not lost while those that said so are heard", () => {
    const tx = transactionOf(steward);
    const others = othersOf(tx);
    lostAfter(tx, others);
    const [position = -1] = others;
    const { epoch, self: member } = tx.state.group;
    noteNews(tx, { kind: "memberHeard", member, epoch, position, isResent: false });
    expect(tx.state.repair.lostSinceMs).toBeUndefined();
    expect(tx.state.repair.moved).toEqual(others.slice(1));
  });
});
