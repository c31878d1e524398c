import type { AskReason, ChangeRequest, EmergencyEvidence, MemberId } from "demls";

/** Maps a member id to its displayed name. */
export type NameOf = (member: MemberId) => string;

const VIOLATIONS: ReadonlyMap<EmergencyEvidence["violation"], string> = new Map([
  ["brokenCommit", "a broken commit"],
  ["brokenMlsProposal", "a commit that differs from the approved changes"],
  ["censorshipInactivity", "not committing approved changes"],
  ["scoreBelowThreshold", "its score"],
]);

const ASK_REASONS: ReadonlyMap<AskReason, string> = new Map([
  ["inviter-gone", "its inviter is no longer here"],
  ["invitation-expired", "its invitation has expired"],
  ["invitation-revoked", "its invitation was revoked"],
  ["invitation-used-up", "its invitation is used up"],
  ["too-many-guests", "its inviter has let in as many as one may in a day"],
]);

/** ` (its invitation is used up)`: why nothing lets a joiner in; nothing if that is plain. */
export function describeAskReason(reason: AskReason): string {
  const why = ASK_REASONS.get(reason);
  return why === undefined ? "" : ` (${why})`;
}

/** Describes a request as an infinitive. A member that proposes its own removal leaves. */
export function describeRequest(
  request: ChangeRequest,
  nameOf: NameOf,
  proposer: MemberId | undefined,
): string {
  switch (request.kind) {
    case "add":
      return `let ${nameOf(request.member)} in`;
    case "remove":
      return request.member === proposer ? "leave" : `remove ${nameOf(request.member)}`;
    case "electStewards": {
      const stewards = request.stewards.map(nameOf);
      return `elect ${stewards.join(", ")} as ${stewards.length === 1 ? "steward" : "stewards"}`;
    }
    case "emergency":
      return describeEmergency(request, nameOf);
  }
}

/** Describes who asks for a request. Members propose a joiner by themselves, so that the joiner is named. */
export function describeAsking(
  request: ChangeRequest,
  nameOf: NameOf,
  proposer: MemberId,
  asks: "asks" | "asked" = "asks",
): string {
  if (request.kind === "add") return `${nameOf(request.member)} ${asks} to join`;
  const asker = nameOf(proposer);
  const verb = asks === "asks" && asker === "you" ? "ask" : asks;
  return `${asker} ${verb} to ${describeRequest(request, nameOf, proposer)}`;
}

function describeEmergency(
  { evidence }: Extract<ChangeRequest, { kind: "emergency" }>,
  nameOf: NameOf,
): string {
  if (evidence === undefined) return "declare an emergency without evidence";
  const { violation } = evidence;
  if (violation === "deadlock") return "declare that the group is deadlocked";
  const accused = nameOf(evidence.target);
  if (violation === "scoreBelowThreshold") return `remove ${accused} for its score`;
  return `accuse ${accused} of ${VIOLATIONS.get(violation) ?? "a violation of an unknown kind"}`;
}
