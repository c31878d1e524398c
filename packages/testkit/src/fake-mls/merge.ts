import type { MlsGroup, StagedCommit } from "@demls/mls";
import { bytesEqual, DemlsError } from "@demls/wire/core";
import { ownGroup, usableGroup, type FakeGroup } from "./group.js";

/** See `MlsService.merge`. */
export function merge(group: FakeGroup, staged: StagedCommit): FakeGroup {
  if (staged.next === undefined)
    throw new DemlsError("removed", {
      message: "The commit removes this member: it has no next epoch to enter.",
      field: "staged",
      remedy: "Leave the conversation.",
    });
  if (!bytesEqual(staged.parentEpochAuthenticator, group.epochAuthenticator))
    throw new DemlsError("stale-commit", {
      message: "The commit was made in another epoch or group.",
      field: "staged",
      remedy: "Drop the commit, and stage candidates of the group's current epoch.",
    });
  const next = usableGroup(staged.next);
  return { ...next, state: { ...next.state, past: group.state.current } };
}

/** See `MlsService.wipe`. */
export function wipe(spent: readonly MlsGroup[], kept: readonly MlsGroup[]): void {
  const inUse = new Set(kept.flatMap(secretsOf));
  for (const secret of spent.flatMap(secretsOf)) if (!inUse.has(secret)) secret.fill(0);
}

function secretsOf(group: MlsGroup): Uint8Array[] {
  const { current, past } = ownGroup(group).state;
  return [current, past].flatMap((epoch) => (epoch === undefined ? [] : [epoch.secret]));
}
