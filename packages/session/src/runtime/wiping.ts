import type { MlsService } from "@demls/mls";
import { groupsOf, isActive, isSameEpoch, repairKeysOf, type ConversationState } from "../model/state.js";

/** Zeroes the secrets of a state that another one does not hold: groups, candidates, repair keys. */
export function wipeState(mls: MlsService, spent: ConversationState, kept?: ConversationState): void {
  mls.wipe(groupsOf(spent), kept === undefined ? [] : groupsOf(kept));
  const keys = new Set(kept && repairKeysOf(kept));
  for (const key of repairKeysOf(spent)) if (!keys.has(key)) key.fill(0);
}

/** The same after a step, if it replaced a group or a candidate: messages alone replace few secrets. */
export function wipeReplaced(mls: MlsService, before: ConversationState, after: ConversationState): void {
  if (holdsOtherGroups(before, after)) wipeState(mls, before, after);
}

/** Whether a group or a candidate was replaced; a message only advances a group's ratchets. */
export function holdsOtherGroups(before: ConversationState, after: ConversationState): boolean {
  if (!isActive(before) || !isActive(after)) return before.phase !== after.phase;
  return (
    !isSameEpoch(before.group, after.group) ||
    before.commit.candidates !== after.commit.candidates ||
    before.branches.forks !== after.branches.forks
  );
}
