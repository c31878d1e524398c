import { decodeConversationUpdateRequest, type ConversationUpdateRequest } from "@demls/wire";
import type { Transaction } from "../model/transaction.js";

/** What is being voted on now, own proposals and others' alike, in the order it came. */
export function openRequests(tx: Transaction): readonly ConversationUpdateRequest[] {
  const { consensus } = tx.env.plugins;
  return consensus.proposals(tx.state.consensus).flatMap(({ state, proposal }) => {
    const decoded = state === "active" ? decodeConversationUpdateRequest(proposal.payload) : undefined;
    return decoded?.ok ? [decoded.value] : [];
  });
}

/** What is approved or being voted on now. */
export function requestsUnderWay(tx: Transaction): readonly ConversationUpdateRequest[] {
  return [...tx.state.approved.map(({ request }) => request), ...openRequests(tx)];
}
