import { decodeConversationUpdateRequest, type ConversationUpdateRequest } from "@demls/wire";
import type { Turn } from "./turn.js";

/** What is being voted on now, own proposals and others' alike, in the order it came. */
export function openRequests(turn: Turn): readonly ConversationUpdateRequest[] {
  const { consensus } = turn.env.plugins;
  return consensus.proposals(turn.state.consensus).flatMap(({ state, proposal }) => {
    const decoded = state === "active" ? decodeConversationUpdateRequest(proposal.payload) : undefined;
    return decoded?.ok ? [decoded.value] : [];
  });
}

/** What is approved or being voted on now. */
export function requestsUnderWay(turn: Turn): readonly ConversationUpdateRequest[] {
  return [...turn.state.approved.map(({ request }) => request), ...openRequests(turn)];
}
