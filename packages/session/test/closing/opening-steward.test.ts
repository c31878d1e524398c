import type { StagedCommit } from "@demls/mls";
import { createDeterministicStewardList } from "@demls/steward";
import type { MemberId } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import { openingSteward, turnOf } from "../../src/closing/strict/turn.js";
import type { ActiveTransaction } from "../../src/model/transaction.js";
import { installStewards } from "../../src/stewards/steward-lists.js";

const MEMBERS = ["aa", "bb", "cc", "dd"] as unknown as readonly MemberId[];
const stewards = createDeterministicStewardList();

/** A member in an epoch for which a list of two stewards was elected `age` epochs ago. */
function memberAt(epoch: bigint, age: bigint): ActiveTransaction {
  const bounds = { snMin: 2, snMax: 2, allowSubsetCandidates: false };
  const empty = stewards.create("garden", bounds, 1);
  const list = stewards.installList(empty, epoch - age, MEMBERS, 2, 0).state;
  const tx = {
    env: { plugins: { stewards } },
    state: { mode: "strict", group: { epoch, members: MEMBERS }, stewards: { list, opening: undefined } },
    effects: [],
    facts: [],
  };
  return tx as unknown as ActiveTransaction;
}

/** The members elected by each election of this epoch. */
const ELECTED = [MEMBERS.slice(0, 2), MEMBERS.slice(2)] as const;

/** The member after it has received elections of this epoch, in this order. */
function after(tx: ActiveTransaction, ...elections: readonly (0 | 1)[]): ActiveTransaction {
  for (const round of elections)
    installStewards(tx, tx.state.group.epoch, ELECTED[round], 2, round, "elected", undefined);
  return tx;
}

describe("The steward whose candidate comes first among equals", () => {
  test("is that of the list in force when the epoch began, whatever was elected since", () => {
    const steward = openingSteward(memberAt(5n, 1n));
    expect(MEMBERS).toContain(steward);
    expect(openingSteward(after(memberAt(5n, 1n), 0))).toBe(steward);
    expect(openingSteward(after(memberAt(5n, 1n), 0, 1))).toBe(steward);
  });

  test("is otherwise that of the list elected last, whichever elections were received before", () => {
    const steward = openingSteward(after(memberAt(5n, 2n), 1));
    expect(ELECTED[1]).toContain(steward);
    expect(openingSteward(after(memberAt(5n, 2n), 0, 1))).toBe(steward);
  });

  test("is none that the commit removes, which could not make it: the next one of the list is", () => {
    const tx = memberAt(5n, 1n);
    const first = openingSteward(tx);
    const turn = (...actions: readonly object[]): MemberId | undefined =>
      turnOf(tx, { actions } as unknown as StagedCommit);
    expect(turn()).toBe(first);
    expect(turn({ kind: "remove", member: MEMBERS.find((member) => member !== first) })).toBe(first);
    const next = turn({ kind: "remove", member: first });
    expect(MEMBERS).toContain(next);
    expect(next).not.toBe(first);
  });
});
