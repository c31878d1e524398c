import type { ConversationSync } from "@demls/wire";
import { update, type ActiveTransaction } from "../model/transaction.js";

/** Takes the settings of a group that its steward list and scores follow. */
export function takeStewardSettings(tx: ActiveTransaction, sync: ConversationSync): void {
  const { stewards, scoring } = tx.env.plugins;
  const { snMin, snMax, allowSubsetCandidates, maxReelectionAttempts, thresholdPeerScore } = sync;
  const bounded = stewards.withConfig(tx.state.stewards.list, { snMin, snMax, allowSubsetCandidates });
  update(tx, "stewards", { list: stewards.withMaxRetries(bounded, maxReelectionAttempts) });
  update(tx, "scores", { values: scoring.withThreshold(tx.state.scores.values, thresholdPeerScore) });
}
