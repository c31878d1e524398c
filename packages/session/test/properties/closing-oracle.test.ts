import { expect, test } from "vitest";
import { createTries, runs } from "../../../../hostile/runs.js";
import {
  commitToMerge,
  firstBranch,
  type Closing,
  type EpochView,
} from "../../src/closing/strict/merge-rules.js";
import {
  oracleCommitToMerge,
  oracleFirstBranch,
  type BranchReason,
  type CommitReason,
  type Ruling,
} from "../oracle/closing-oracle.js";
import { generateView, printView } from "../oracle/generated-views.js";

/** Views of each function in a full run. */
const VIEWS = 100_000;

/** Least number of views in a full run that end in each way. */
const COMMITS: Readonly<Record<CommitReason, number>> = {
  certified: 20_000,
  "certified, bytes missing": 4_000,
  sure: 4_000,
  "waited: away": 6_000,
  "waited: absent": 800,
  "waited: past": 400,
  followed: 300,
  "not yet: nothing acceptable": 2_000,
  "not yet: too early": 5_000,
  "not yet: silent members that were heard": 500,
  "not yet: silent members at a renewal": 500,
  "not yet: no own choice": 10_000,
  "not yet: bytes missing": 50,
};

const BRANCHES: Readonly<Record<BranchReason, number>> = {
  certified: 20_000,
  "certified, bytes missing": 4_000,
  first: 20_000,
  "stays: bytes missing": 1_000,
  "stays: nothing acceptable": 5_000,
};

test("A member merges the commit that the written rules name, in views of all kinds", () => {
  compare(commitToMerge, oracleCommitToMerge, COMMITS);
});

test("A member finds first the branch that the written order names, in views of all kinds", () => {
  compare(firstBranch, oracleFirstBranch, BRANCHES);
});

/** Fails with the shortest view on which code and rules disagree, or if an outcome was rare. */
function compare(
  decide: (view: EpochView) => Closing | undefined,
  rule: (view: EpochView) => Ruling,
  least: Readonly<Record<string, number>>,
): void {
  const tries = createTries();
  const found = new Map<string, Disagreement>();
  for (let index = 0; index < runs(VIEWS); index++) {
    const view = generateView(`closing ${index}`);
    const [actual, { closing, reason }] = [decide(view), rule(view)];
    tries.note(reason);
    if (actual?.hash === closing?.hash && actual?.isCertified === closing?.isCertified) continue;
    const title = `by the rules "${reason}", but the code ${actual ? "merges" : "waits"}`;
    const { times = 0, shortest } = found.get(title) ?? {};
    const text = `${printView(view)}\nrules: ${JSON.stringify(closing)}\ncode: ${JSON.stringify(actual)}`;
    const isShorter = shortest === undefined || text.length < shortest.length;
    found.set(title, { times: times + 1, shortest: isShorter ? text : shortest });
  }
  const report = [...found].map(([title, { times, shortest }]) => `${title} (${times} views):\n${shortest}`);
  expect(found.size, report.join("\n\n")).toBe(0);
  tries.expectAtLeast(least, VIEWS);
}

/** One way to disagree. */
interface Disagreement {
  readonly times: number;
  readonly shortest: string;
}
