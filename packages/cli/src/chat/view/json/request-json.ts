import { memberIdFromBytes, type ConversationUpdateRequest } from "demls";
import type { Fields } from "./json-fields.js";

/** What is voted on, for JSON: without key packages and evidence. */
export function requestFields(request: ConversationUpdateRequest): Fields {
  const { kind } = request;
  switch (kind) {
    case "invite_member":
    case "remove_member":
      return { kind, target: memberIdFromBytes(request.identity) };
    case "steward_election": {
      const { electionEpoch, retryRound } = request;
      return { kind, stewards: request.proposedStewards.map(memberIdFromBytes), electionEpoch, retryRound };
    }
    case "emergency_criteria": {
      const { evidence } = request;
      return {
        kind,
        violation: evidence?.violationType,
        target: evidence && memberIdFromBytes(evidence.targetMemberId),
      };
    }
    case "empty":
      return { kind };
  }
}
