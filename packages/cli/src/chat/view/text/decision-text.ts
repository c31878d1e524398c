import type { ChangeRequest, MemberId } from "demls";
import type { TracedDecision } from "demls/trace";
import type { Room } from "../../room/room.js";
import { voteNumber } from "../../room/vote-numbers.js";
import { nameIn } from "./member-text.js";
import type { NameOf } from "./request-text.js";
import { words } from "./wording.js";

const REQUESTS: Readonly<Record<ChangeRequest["kind"], string>> = {
  add: "invite member",
  remove: "remove member",
  electStewards: "steward election",
  emergency: "emergency criteria",
};

/** Describes a decision and its reason in one line, with `you` for this user. */
export function describeDecision(decision: TracedDecision, room: Pick<Room, "names" | "self">): string {
  const nameOf = nameIn(room);
  const candidate = ({
    steward,
    commitHash,
  }: {
    readonly steward: MemberId;
    readonly commitHash: string;
  }): string =>
    `${steward === room.self ? "your commit candidate" : `the commit candidate of ${nameOf(steward)}`} (${short(commitHash)})`;
  const vote = (proposalId: number): string => `#${voteNumber(proposalId)}`;
  switch (decision.kind) {
    case "defaultVote":
      return `default vote ${decision.vote ? "yes" : "no"} on ${vote(decision.proposalId)}: ${words(decision.reason)}`;
    case "proposalDecided": {
      const { yes, no, expected, result } = decision;
      return `${vote(decision.proposalId)} (${REQUESTS[decision.request]}) is ${result}: ${yes} yes and ${no} no of ${expected}`;
    }
    case "proposalAbandoned":
      return `${vote(decision.proposalId)} was abandoned: ${words(decision.reason)}`;
    case "opened": {
      const { operation, proposalId } = decision;
      return `opened automatically: ${operation}${proposalId === undefined ? "" : `, ${vote(proposalId)}`}`;
    }
    case "heldBack":
      return `held back: ${decision.operation}${about(decision.target, nameOf)}: ${words(decision.reason)}`;
    case "openingFailed":
      return `could not open: ${decision.operation}: ${words(decision.code)}`;
    case "candidateHeld":
      return `holds ${candidate(decision)}`;
    case "candidateBacked":
      return `chooses ${candidate(decision)}`;
    case "candidateDropped":
      return `drops ${candidate(decision)}: ${words(decision.reason)}`;
    case "candidateChosen":
      return `merges ${candidate(decision)}: ${words(decision.reason)}`;
    case "phase":
      return `${words(decision.from)} → ${words(decision.to)}: ${words(decision.reason)}`;
    case "score":
      return `${nameOf(decision.member)} ${decision.member === room.self ? "have" : "has"} score ${decision.score ?? "none"}: ${words(decision.cause)}`;
    case "stewardsInstalled":
      return `stewards of epoch ${decision.electionEpoch}, round ${decision.retryRound}: ${decision.cause}`;
    case "uncommittableChange":
      return `no commit can contain the approved changes: ${words(decision.obstacle.kind)}`;
    case "synced":
      return `applied a ConversationSync of ${nameOf(decision.from)}: ${decision.extent}`;
  }
}

function about(target: MemberId | undefined, nameOf: NameOf): string {
  return target === undefined ? "" : ` about ${nameOf(target)}`;
}

function short(commitHash: string): string {
  return commitHash.slice(0, 8);
}
