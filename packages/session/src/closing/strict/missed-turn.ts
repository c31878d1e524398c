import type { ScoreOp } from "@demls/scoring";
import type { EpochRecord } from "@demls/wire";
import { memberIdFromBytes, type MemberId } from "@demls/wire/core";
import type { Reckoning } from "../../model/record.js";
import { repairEpochOf } from "../../model/repair.js";
import type { ActiveTransaction } from "../../model/transaction.js";
import { choicesIn } from "../../model/choices.js";

/**
 * The steward that the last commit has passed over, if more than two thirds of the other members have missed a candidate of
 * it: the author of the next commit records that it loses score.
 */
export function missedSteward(tx: ActiveTransaction): MemberId | undefined {
  const counted = countOf(tx);
  return counted && 3 * counted.silent > 2 * counted.others ? counted.steward : undefined;
}

/**
 * Whether a record may charge a steward with a missed turn: at most a third of the other members are known to have had
 * a candidate of it. So no author can charge a steward whose candidate has reached more. Fewer than a third of the
 * members, by telling each member something else, cannot part the honest ones. A member that has come in with this
 * epoch knows nothing of the one before, and believes the record.
 */
export function mayBeMissed(tx: ActiveTransaction, steward: MemberId): boolean {
  if (isNew(tx)) return steward !== tx.state.sync.admittedBy && tx.state.group.members.includes(steward);
  const counted = countOf(tx);
  if (counted === undefined) return false;
  return counted.steward === steward && 3 * (counted.others - counted.received) > counted.others;
}

/** Whether this member was not in the epoch before. */
function isNew({ state: { record, repair, group } }: ActiveTransaction): boolean {
  return record.passed === undefined && repairEpochOf(repair, group.epoch - 1n) === undefined;
}

interface Count {
  readonly steward: MemberId;
  /** Number of the other members of both epochs. */
  readonly others: number;
  /** Number of those that have missed a candidate. */
  readonly silent: number;
  /** Number of those that had one, or chose before they could miss it. */
  readonly received: number;
}

function countOf(tx: ActiveTransaction): Count | undefined {
  const { record, repair, group } = tx.state;
  if (record.passed === undefined) return undefined;
  const { steward, epoch } = record.passed;
  const roster = repairEpochOf(repair, epoch)?.roster ?? [];
  const choices = choicesIn(tx.state.repair, epoch);
  let others = 0;
  let silent = 0;
  let received = 0;
  for (const [at, { member }] of roster.entries()) {
    if (member === steward || !group.members.includes(member)) continue;
    others++;
    const [only, another] = choices.filter(({ position }) => position === at);
    // Two choices show that their author is dishonest.
    if (only === undefined || another !== undefined) continue;
    if (only.silent === steward) silent++;
    else received++;
  }
  return { steward, others, silent, received };
}

/** Score operations of a record, before those of its results. */
export function recordedOps({
  silentSteward: silent,
}: Pick<EpochRecord, "silentSteward">): readonly ScoreOp[] {
  return silent === undefined
    ? []
    : [{ memberId: memberIdFromBytes(silent), event: "censorship-inactivity" }];
}

/** Stewards and scores after the operations of a record. */
export function afterMissedTurn(
  { env }: ActiveTransaction,
  reckoning: Reckoning,
  record: Pick<EpochRecord, "silentSteward">,
): Reckoning {
  let { scores } = reckoning;
  for (const op of recordedOps(record)) scores = env.plugins.scoring.applyOp(scores, op);
  return { ...reckoning, scores };
}
