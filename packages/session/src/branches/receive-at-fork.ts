import type { CommitCandidate } from "@demls/wire";
import { type Packet } from "@demls/wire/core";
import { receiveCandidate } from "../freeze/receive-candidate.js";
import type { InboundOutcome } from "../model/inbound-outcome.js";
import type { ActiveTransaction } from "../model/transaction.js";
import { noteAtFork } from "../repair/choices.js";
import { atFork } from "./at-fork.js";

/**
 * Handles a candidate of an epoch that this member has left at a fork: members on another branch may have merged it.
 *
 * @returns `undefined` if it is of no such epoch.
 */
export async function receiveCandidateAtFork(
  tx: ActiveTransaction,
  candidate: CommitCandidate,
  packet: Packet,
): Promise<InboundOutcome | undefined> {
  const description = tx.env.plugins.mls.describe(candidate.commitMessage);
  const fork = description.kind === "commit" ? tx.state.branches.forks.get(description.epoch) : undefined;
  if (fork === undefined) return undefined;
  const outcome = await atFork(tx, fork, (inner) => receiveCandidate(inner, candidate, packet));
  noteAtFork(tx, fork.state.group.epoch);
  return outcome;
}
