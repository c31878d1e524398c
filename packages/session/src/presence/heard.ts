import { repairsGaps } from "../model/abilities.js";
import type { MemberId } from "@demls/wire/core";
import type { FactOf } from "../model/fact.js";
import { withEntry, withoutKey } from "../model/persistent-collections.js";
import { update, type ActiveTransaction } from "../model/transaction.js";

/** Precision of {@link Presence.heardAt} in ms: coarse, so that it reveals no habits and few records are written. */
export const HEARD_PRECISION_MS = 15 * 60_000;

/** Precision of {@link Repair.heard} in ms. A member whose leaf is to be replaced is noted exactly. */
const PRECISION_MS = 10_000;

/** Notes that a packet of a member has arrived. One that was resent does not show that its author is there now. */
export function noteHeard(tx: ActiveTransaction, heard: FactOf<"memberHeard">): void {
  if (heard.epoch === tx.state.group.epoch) noteInEpoch(tx, heard);
  if (!heard.isResent) notePresent(tx, heard.member);
}

function noteInEpoch(tx: ActiveTransaction, { position, member }: FactOf<"memberHeard">): void {
  const { heard } = tx.state.repair;
  const atMs = tx.env.nowMs;
  const known = heard.find((entry) => entry.position === position);
  const isAwaited = tx.state.rejoin.requested.has(member);
  if (known !== undefined && atMs - known.atMs < PRECISION_MS && !isAwaited) return;
  const others = heard.filter((entry) => entry !== known);
  update(tx, "repair", { heard: [...others, { position, atMs }] });
}

function notePresent(tx: ActiveTransaction, member: MemberId): void {
  if (!repairsGaps(tx)) return;
  const { heardAt, missedEpochs } = tx.state.presence;
  const { nowMs } = tx.env;
  if (missedEpochs.has(member)) update(tx, "presence", { missedEpochs: withoutKey(missedEpochs, member) });
  if (nowMs - (heardAt.get(member) ?? -Infinity) >= HEARD_PRECISION_MS)
    update(tx, "presence", { heardAt: withEntry(heardAt, member, nowMs) });
}

/** Begins an epoch, in which no member was heard yet. */
export function forgetHeard(tx: ActiveTransaction): void {
  update(tx, "repair", { heard: [] });
}
