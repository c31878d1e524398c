import { bytesEqual, DemlsError } from "@demls/wire/core";
import { ownGroup, type TsMlsGroup } from "../group/mls-group.js";
import type { StagedCommit } from "./staged-commit.js";

/** See {@link MlsService.merge}. */
export function merge(group: TsMlsGroup, staged: StagedCommit): TsMlsGroup {
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
  const next = ownGroup(staged.next);
  return { ...next, state: { ...next.state, historicalReceiverData: receiveHistory(group) } };
}

/**
 * The epoch being left, as in the newest value of the group.
 *
 * The commit branched off an older value, and ts-mls would keep that branch's receive history. Messages opened since
 * then must not open again in the next epoch.
 */
function receiveHistory({ epoch, state }: TsMlsGroup): TsMlsGroup["state"]["historicalReceiverData"] {
  const { secretTree, ratchetTree, groupContext, keySchedule } = state;
  const { senderDataSecret, resumptionPsk } = keySchedule;
  return new Map([[epoch, { secretTree, ratchetTree, groupContext, senderDataSecret, resumptionPsk }]]);
}
