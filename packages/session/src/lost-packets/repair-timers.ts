import type { ActiveTransaction } from "../model/transaction.js";
import { runAnswers } from "./answers.js";
import { runReports } from "./reports.js";
import { runRequests } from "./requests.js";
import { trickleDueMs } from "./trickle.js";

/** Monotonic times of the next report, request and answer. */
function repairTimes({ state }: ActiveTransaction): readonly number[] {
  const { trickle, requests, answers } = state.repair;
  return [
    ...(trickle === undefined ? [] : [trickleDueMs(trickle)]),
    ...[...requests, ...answers].map(({ dueAtMs }) => dueAtMs),
  ];
}

/** Runs the reports, requests and answers that are due. */
async function runRepair(tx: ActiveTransaction): Promise<void> {
  const current = tx.state.repair.epochs.at(-1);
  if (current === undefined) return;
  await runReports(tx, current);
  await runRequests(tx);
  await runAnswers(tx);
}

/** The timer of reports, requests and answers. */
export const repairTimer = { timesMs: repairTimes, run: runRepair };
