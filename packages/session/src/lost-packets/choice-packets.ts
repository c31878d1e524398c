import type { RepairMessage } from "@demls/wire";
import { bytesToHex, memberIdFromBytes, memberIdToBytes, type MemberId } from "@demls/wire/core";
import { LIMITS } from "../model/limits.js";
import { repairEpochOf, type RepairEpoch } from "../model/repair.js";
import { withEquivocation } from "../model/evidence.js";
import { emit, update, type ActiveTransaction } from "../model/transaction.js";
import { logPacket } from "./log.js";
import { hastenReports, sendReport } from "./reports.js";
import { requestAll } from "./requests.js";
import { transmit } from "./transmit.js";
import { choicesIn } from "../model/choices.js";
import { ownPosition } from "../model/roster.js";

/** Time in ms after this member's choice in which those of the others arrive, unless packets are lost. */
const CHOICES_DUE_MS = 2_000;

/** A choice as it is sent. */
export type Choice = Extract<RepairMessage, { kind: "choice" }>;

/**
 * Publishes this member's choice of a commit, and keeps it like those of the others.
 *
 * @param silent - the steward whose turn the commit is, if this member has no valid candidate of it.
 */
export async function sendChoice(
  tx: ActiveTransaction,
  commitHash: Uint8Array,
  silent: MemberId | undefined,
): Promise<void> {
  const { epoch } = tx.state.group;
  const repairEpoch = repairEpochOf(tx.state.repair, epoch);
  if (repairEpoch === undefined) return;
  const silentSteward = silent && memberIdToBytes(silent);
  const payload = await transmit(tx, repairEpoch, { kind: "choice", commitHash, silentSteward });
  const position = ownPosition(tx, repairEpoch);
  const slot = { kind: "choice", position, commit: bytesToHex(commitHash), silent } as const;
  logPacket(tx, epoch, slot, payload);
  hastenReports(tx);
  requestAll(tx, CHOICES_DUE_MS);
}

/**
 * Keeps a member's choice.
 *
 * @returns `known` for a choice that is kept already, `too-many` beyond the two that show that its author is dishonest.
 */
export async function keepChoice(
  tx: ActiveTransaction,
  repairEpoch: RepairEpoch,
  position: number,
  { commitHash, silentSteward }: Choice,
  payload: Uint8Array,
): Promise<"kept" | "known" | "too-many"> {
  const { epoch, roster } = repairEpoch;
  const commit = bytesToHex(commitHash);
  const named = silentSteward && memberIdFromBytes(silentSteward);
  const silent = roster.find(({ member }) => member === named)?.member;
  const known = choicesIn(tx.state.repair, epoch).filter((choice) => choice.position === position);
  if (known.some((choice) => choice.commit === commit)) return "known";
  if (known.length >= LIMITS.choicesPerMember) return "too-many";
  logPacket(tx, epoch, { kind: "choice", position, commit, silent }, payload);
  if (epoch === tx.state.group.epoch) hastenReports(tx);
  if (known.length > 0) await noteEquivocation(tx, repairEpoch, position);
  return "kept";
}

/** Notes that a member has chosen twice, and reports both choices: members that count on one of them may lack the other. */
async function noteEquivocation(
  tx: ActiveTransaction,
  repairEpoch: RepairEpoch,
  position: number,
): Promise<void> {
  const { epoch, roster } = repairEpoch;
  const member = roster[position]?.member;
  const equivocations = member && withEquivocation(tx.state.evidence, { member, epoch });
  if (member === undefined || equivocations === undefined) return;
  update(tx, "evidence", { equivocations });
  emit(tx, { kind: "equivocated", member, epoch });
  await sendReport(tx, repairEpoch, false);
}
