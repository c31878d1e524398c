import { bytesToHex, type MemberId } from "@demls/wire/core";
import type { MlsService } from "@demls/mls";
import { appliedIn, headOf } from "../join/readiness.js";
import type { GroupAssurance } from "../model/joining.js";
import { isActive } from "../model/state.js";
import type { ConversationDriver } from "../runtime/driver.js";
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
  /** How this member knows that the group is the one that it meant. */
  readonly assurance: GroupAssurance | undefined;
  /** The inviter that has told it, or whose deputy has; undefined for a founder. */
  readonly assuredBy: MemberId | undefined;
}

/** The view of a member; `undefined` outside the group. */
export function memberView(
  driver: Pick<ConversationDriver, "state" | "snapshot">,
  mls: MlsService,
): MemberView | undefined {
  const { state } = driver;
  if (!isActive(state)) return undefined;
  const { group, repair, sync } = state;
  const { epoch, groupId, members, roster } = group;
  // A gap that is no longer asked for is missed for good.
  const isLacking =
    (mls.received(group, epoch)?.skipped.length ?? 0) > 0 &&
    repair.requests.some((each) => each.epoch === epoch);
  return {
    ...{
      groupId,
      members,
      head: bytesToHex(headOf(group)),
      applied: { epoch, messages: appliedIn(group, mls) },
    },
    heard: repair.heard.flatMap(({ position }) => roster[position]?.member ?? []),
    assurance: sync.assurance,
    assuredBy: sync.assuredBy,
    isCaughtUp: sync.synced && !driver.snapshot.catchingUp && !isLacking,
  };
}
