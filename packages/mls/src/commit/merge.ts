import { bytesEqual, DemlsError } from "@demls/wire/core";
import { ownGroup, type TsMlsGroup } from "../group/mls-group.js";
import type { StagedCommit } from "./staged-commit.js";

/** See {@link MlsService.merge}. */
export function merge(group: TsMlsGroup, staged: StagedCommit): TsMlsGroup {
  if (staged.next === undefined)
    throw new DemlsError("removed", {
      message: "The commit removes oneself: there is no next epoch to enter.",
      field: "staged",
      remedy: "Leave the conversation.",
    });
  if (!bytesEqual(staged.parentEpochAuthenticator, group.epochAuthenticator))
    throw new DemlsError("stale-commit", {
      message: "The commit was made in another epoch or group.",
      field: "staged",
      remedy: "Drop it, and stage candidates of the group's present epoch.",
    });
  const next = ownGroup(staged.next);
  return { ...next, state: { ...next.state, historicalReceiverData: receiveHistory(group) } };
}

/**
 * The epoch being left, as the group's newest value has it, and nothing older.
 *
 * The commit branched off earlier: what has been opened since must not open again in the next epoch,
 * and ts-mls would keep the branch's own view.
 */
function receiveHistory({ epoch, state }: TsMlsGroup): TsMlsGroup["state"]["historicalReceiverData"] {
  const { secretTree, ratchetTree, groupContext, keySchedule } = state;
  const { senderDataSecret, resumptionPsk } = keySchedule;
  return new Map([[epoch, { secretTree, ratchetTree, groupContext, senderDataSecret, resumptionPsk }]]);
}
