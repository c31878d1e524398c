import type { CommitCandidate } from "@demls/wire";
import { bytesToHex, type Packet } from "@demls/wire/core";
import { receiveCandidate } from "../closing/index.js";
import { isOtherGroup } from "../model/group-id.js";
import type { Handled } from "../model/fact.js";
import type { ActiveTransaction } from "../model/transaction.js";
import { atFork } from "./at-fork.js";
import { noteAtFork } from "./note-at-fork.js";

/**
 * Handles a candidate of an epoch that this member has left at a fork: members on another branch may have merged it.
 *
 * @param isServed - whether another member has resent it
 * @returns `undefined` if it is of no such epoch.
 */
export async function receiveCandidateAtFork(
  tx: ActiveTransaction,
  candidate: CommitCandidate,
  packet: Packet,
  isServed: boolean,
): Promise<Handled | undefined> {
  const description = tx.env.plugins.mls.describe(candidate.commitMessage);
  if (description.kind !== "commit" || isOtherGroup(tx, bytesToHex(candidate.conversationName)))
    return undefined;
  const fork = tx.state.branches.forks.get(description.epoch);
  if (fork === undefined) return undefined;
  const { candidates } = fork.state.commit;
  return atFork(tx, fork, async (inner) => {
    const received = await receiveCandidate(inner, candidate, packet, isServed);
    if (inner.state.commit.candidates !== candidates) noteAtFork(tx, description.epoch);
    return received;
  });
}
