import { bytesToHex, type MemberId } from "@demls/wire/core";
import type { MlsService } from "@demls/mls";
import { headOf } from "../join/readiness.js";
import { isActive, type ConversationState } from "../model/state.js";
import type { ConversationSnapshot } from "../view/snapshot.js";
import type { AppliedThrough } from "./join-attempt.js";

/** What a joined member knows of its group. */
export interface MemberView {
  readonly groupId: string;
  /** Mark of the group state in hex: see `headOf`. */
  readonly head: string;
  readonly applied: AppliedThrough;
  readonly members: readonly MemberId[];
  /** Members that have signed a packet of this epoch. */
  readonly heard: readonly MemberId[];
  /** Whether nothing is known to be missing. */
  readonly isCaughtUp: boolean;
}

/** The view of a member; `undefined` outside the group. */
export function memberView(
  state: ConversationState,
  { catchingUp }: ConversationSnapshot,
  mls: MlsService,
): MemberView | undefined {
  if (!isActive(state)) return undefined;
  const { group, repair, sync } = state;
  const { epoch, groupId, members, roster } = group;
  const received = mls.received(group, epoch);
  const messages = received?.next.reduce((sum, next) => sum + next, 0) ?? 0;
  // A gap that is no longer asked for is missed for good.
  const isLacking = (received?.skipped.length ?? 0) > 0;
  return {
    ...{ groupId, members, head: bytesToHex(headOf(group)), applied: { epoch, messages } },
    heard: repair.heard.flatMap(({ position }) => roster[position]?.member ?? []),
    isCaughtUp:
      sync.synced && !catchingUp && !(isLacking && repair.requests.some((each) => each.epoch === epoch)),
  };
}
