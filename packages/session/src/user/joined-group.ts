import type { JoinedGroup } from "@demls/join";
import { bytesToHex } from "@demls/wire/core";
import { appliedIn, headOf } from "../join/readiness.js";
import { isActive } from "../model/state.js";
import type { DriverContext } from "../runtime/driver-context.js";
import type { ConversationDriver } from "../runtime/driver.js";

/** A member's knowledge of the group that it has joined; `undefined` outside the group. */
export function joinedGroup(
  { state, snapshot }: Pick<ConversationDriver, "state" | "snapshot">,
  { self, plugins: { mls } }: Pick<DriverContext, "self" | "plugins">,
): JoinedGroup | undefined {
  if (!isActive(state)) return undefined;
  const { group, repair, sync } = state;
  const { epoch, groupId, members, roster } = group;
  // A gap that is no longer asked for is missed for good.
  const isAsked = repair.requests.some((each) => each.epoch === epoch);
  const missing = isAsked ? (mls.received(group, epoch)?.skipped.length ?? 0) : 0;
  return {
    ...{ self, groupId, members, head: bytesToHex(headOf(group)) },
    applied: { epoch, messages: appliedIn(group, mls) },
    heard: repair.heard.flatMap(({ position }) => roster[position]?.member ?? []),
    ...{ assurance: sync.assurance, assuredBy: sync.assuredBy },
    missing,
    isCaughtUp: sync.synced && !snapshot.catchingUp && missing === 0,
  };
}
