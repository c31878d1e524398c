import type { MemberId } from "@demls/wire/core";
import type { Conversation, Phase } from "../../src/index.js";
import { nameOf, type Recording } from "./recording.js";

/** State of a member, with names. */
export interface View {
  readonly phase: Phase;
  readonly epoch: number | undefined;
  readonly members: readonly string[];
  readonly stewards: readonly string[];
  /** Scores of scored members. */
  readonly scores: Readonly<Record<string, number>>;
  /** Ids of open votes. */
  readonly open: readonly number[];
  /** Ids of approved changes. */
  readonly approved: readonly number[];
  readonly retryRound: number;
}

export function viewOf(recording: Recording, { state }: Conversation): View {
  const named = (id: MemberId): string => nameOf(recording, id);
  const scored = state.members.filter(({ score }) => score !== undefined);
  return {
    phase: state.phase,
    epoch: state.epoch === undefined ? undefined : Number(state.epoch),
    members: state.members.map(({ id }) => named(id)),
    stewards: (state.stewards?.members ?? []).map(named),
    scores: Object.fromEntries(scored.map(({ id, score }) => [named(id), Number(score)])),
    open: state.openVotes.map(({ proposalId }) => proposalId),
    approved: state.approved.map(({ proposalId }) => proposalId),
    retryRound: state.retryRound,
  };
}
