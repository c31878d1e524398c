import type { ActiveTransaction } from "../model/transaction.js";
import { runAnswers } from "./answers.js";
import { endCatchUp } from "./catch-up.js";
import { runReports } from "./reports.js";
import { runRequests } from "./requests.js";
import { trickleDueMs } from "./trickle.js";

/** Monotonic times of the next report, request and answer, and of the end of catching up. */
export function repairTimes({ state }: ActiveTransaction): readonly number[] {
  const { trickle, requests, answers, catchUp } = state.repair;
  return [
    ...(trickle === undefined ? [] : [trickleDueMs(trickle)]),
    ...[...requests, ...answers].map(({ dueAtMs }) => dueAtMs),
    ...(catchUp === undefined ? [] : [catchUp.endsAtMs]),
  ];
}

/** Runs the reports, requests and answers that are due. */
export async function runRepair(tx: ActiveTransaction): Promise<void> {
  const current = tx.state.repair.epochs.at(-1);
  if (current === undefined) return;
  if ((tx.state.repair.catchUp?.endsAtMs ?? Infinity) <= tx.env.nowMs) endCatchUp(tx);
  await runReports(tx, current);
  await runRequests(tx);
  await runAnswers(tx);
}
