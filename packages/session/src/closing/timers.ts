import type { Facts } from "../model/fact.js";
import type { ActiveTransaction } from "../model/transaction.js";
import { closesFromMs } from "../standing/index.js";
import { enterFreeze, freezeDueMs, selectionDueMs, standIn, standInDueMs } from "./freeze.js";
import { lateSelectionDueMs } from "./late-candidate.js";
import { closingRules } from "./rules-of.js";

const DUE = {
  freeze: freezeDueMs,
  standIn: standInDueMs,
  selection: selectionDueMs,
  lateSelection: lateSelectionDueMs,
  closing: (tx: ActiveTransaction): number | undefined => closingRules(tx).dueMs(tx),
};

function dueMs(tx: ActiveTransaction, kind: keyof typeof DUE): number | undefined {
  const atMs = DUE[kind](tx);
  // A member that knows no own height yet acts on no commit.
  return atMs === undefined ? undefined : Math.max(atMs, closesFromMs(tx));
}

/** Starts or ends the freeze if it is time; `undefined` if it is not. A step of its own merges what is due. */
async function run(tx: ActiveTransaction): Promise<Facts | undefined> {
  const isDue = (kind: keyof typeof DUE): boolean => (dueMs(tx, kind) ?? Infinity) <= tx.env.nowMs;
  if (isDue("standIn")) await standIn(tx);
  if (isDue("selection")) return closingRules(tx).end(tx, "freeze-over");
  if (isDue("lateSelection")) return closingRules(tx).end(tx, "late-candidate");
  if (!isDue("freeze")) return undefined;
  await enterFreeze(tx, "inactivity");
  return [];
}

/** The timers of the freeze, of stand-ins, of late candidates and of silent members. */
export const closingTimer = { dueMs, run };
