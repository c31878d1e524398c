import { ViolationType } from "@demls/wire";
import { memberIdFromBytes, type ConversationUpdateRequest, type MemberId } from "demls";

/** How a member is called. */
export type NameOf = (member: MemberId) => string;

const VIOLATIONS: ReadonlyMap<number, string> = new Map([
  [ViolationType.BrokenCommit, "a broken commit"],
  [ViolationType.BrokenMlsProposal, "a commit that does something else than was voted"],
  [ViolationType.CensorshipInactivity, "holding back what was voted"],
  [ViolationType.ScoreBelowThreshold, "its score"],
]);

/** What is voted on, after "asks to". A member that proposes its own removal leaves. */
export function describeRequest(
  request: ConversationUpdateRequest,
  nameOf: NameOf,
  proposer: MemberId | undefined,
): string {
  switch (request.kind) {
    case "invite_member":
      return `let ${nameOf(memberIdFromBytes(request.identity))} in`;
    case "remove_member": {
      const target = memberIdFromBytes(request.identity);
      return target === proposer ? "leave" : `put ${nameOf(target)} out`;
    }
    case "steward_election": {
      const stewards = request.proposedStewards.map((id) => nameOf(memberIdFromBytes(id)));
      return `elect ${stewards.join(", ")} as ${stewards.length === 1 ? "steward" : "stewards"}`;
    }
    case "emergency_criteria":
      return describeEmergency(request, nameOf);
    case "empty":
      return "do nothing";
  }
}

function describeEmergency(
  { evidence }: Extract<ConversationUpdateRequest, { kind: "emergency_criteria" }>,
  nameOf: NameOf,
): string {
  if (evidence === undefined) return "declare an emergency without evidence";
  if (evidence.violationType === ViolationType.Deadlock) return "declare that the group is deadlocked";
  const accused = nameOf(memberIdFromBytes(evidence.targetMemberId));
  if (evidence.violationType === ViolationType.ScoreBelowThreshold) return `put ${accused} out for its score`;
  return `accuse ${accused} of ${VIOLATIONS.get(evidence.violationType) ?? "a violation of an unknown kind"}`;
}
