import { NO_FACTS, type Facts } from "../model/fact.js";
import type { ActiveTransaction } from "../model/transaction.js";
import { runAnswers } from "./answers.js";
import { runCatchUp } from "./catch-up.js";
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
export async function runRepair(tx: ActiveTransaction): Promise<Facts> {
  const current = tx.state.repair.epochs.at(-1);
  if (current === undefined) return NO_FACTS;
  const facts = runCatchUp(tx);
  await runReports(tx, current);
  await runRequests(tx);
  await runAnswers(tx);
  return facts;
}
