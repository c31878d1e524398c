import { expect, test } from "vitest";
import { createTries, runs } from "../../../../hostile/runs.js";
import { commitToMerge, firstBranch } from "../../src/freeze/merge-rules.js";
import { oracleCommitToMerge, oracleFirstBranch } from "../oracle/closing-oracle.js";
import { generateView, printView } from "../oracle/generated-views.js";

/** Views of each function in a full run. */
const VIEWS = 100_000;

test("probe", () => {
  const stat: Record<string, number> = {};
  const bad: Record<string, [number, string]> = {};
  for (const [fn, code, oracle] of [["merge", commitToMerge, oracleCommitToMerge], ["branch", firstBranch, oracleFirstBranch]] as const)
  for (let i = 0; i < runs(VIEWS); i++) {
    const view = generateView(`closing ${i}`);
    const r = oracle(view);
    const c = code(view);
    stat[fn + " " + r.reason] = (stat[fn + " " + r.reason] ?? 0) + 1;
    if (JSON.stringify(c) !== JSON.stringify(r.closing)) {
      const k = `${fn}: oracle ${r.reason} code ${c ? "merges" : "undefined"}${c?.isCertified ? " cert" : ""}`;
      const text = printView(view) + "\n oracle " + JSON.stringify(r) + " code " + JSON.stringify(c);
      const n = (bad[k]?.[0] ?? 0) + 1;
      bad[k] = [n, bad[k] && bad[k][1].length <= text.length ? bad[k][1] : text];
    }
  }
  console.log(stat);
  for (const [k, [n, t]] of Object.entries(bad)) console.log(k, n, t);
});
