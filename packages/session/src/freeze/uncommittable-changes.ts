import type { ConversationUpdateRequest } from "@demls/wire";
import { memberIdFromBytes, type MemberId } from "@demls/wire/core";
import { compatibilityPolicy } from "../model/compatibility.js";
import { LIMITS } from "../model/limits.js";
import type { ApprovedProposal, ConversationState } from "../model/state.js";
import type { Obstacle } from "../model/traced-decision.js";
import { trace, emit, isPendingRemoval, policyOf, update, type Transaction } from "../model/transaction.js";
import { membershipTarget, removalTarget } from "../model/request.js";

/**
 * After a freeze without a commit: says, with one `error` event for each, what of the approved work no commit
 * can carry out (weaknesses W9, W10, W22), and lifts the restriction to an urgent removal where other work is
 * approved beside it. A commit that carries out all of it is one that every member takes.
 */
export function reportUncommittable(tx: Transaction): void {
  const obstacles = uncommittableChanges(tx.state);
  if (obstacles.some(({ kind }) => kind === "urgentNotAlone")) update(tx, { urgentTarget: undefined });
  for (const obstacle of obstacles) {
    trace(tx, { kind: "uncommittableChange", obstacle });
    const message = `Approved work cannot be committed as it is: ${describe(obstacle)}${wayOut(obstacle)}`;
    emit(tx, { kind: "error", code: "uncommittable-change", operation: "approved work", message });
  }
}

/** Takes what no commit can hold off the queue, and says so, where the mode allows it (weakness W9). */
export function dropUncommittable(tx: Transaction): void {
  if (!policyOf(tx).dropsUncommittable) return;
  const stuck = new Map([...impossibleChanges(tx.state), ...lastBan(tx.state)]);
  if (stuck.size === 0) return;
  const { approved, urgentTarget } = tx.state;
  update(tx, { approved: approved.filter((proposal) => !stuck.has(proposal)) });
  if (urgentTarget !== undefined && !isPendingRemoval(tx.state, urgentTarget)) {
    update(tx, { urgentTarget: undefined });
  }
  for (const obstacle of stuck.values()) {
    trace(tx, { kind: "uncommittableChange", obstacle });
    const message = `Approved work was dropped: ${describe(obstacle)}`;
    emit(tx, { kind: "error", code: "change-dropped", operation: "approved work", message });
  }
}

/** What of the approved work no commit can carry out. */
export function uncommittableChanges(state: ConversationState): readonly Obstacle[] {
  const { approved, mode, urgentTarget } = state;
  const obstacles: Obstacle[] = [];
  const isAlone = approved.length === 1 || compatibilityPolicy(mode).urgentCommitCarriesAll;
  if (urgentTarget !== undefined && !isAlone)
    obstacles.push({ kind: "urgentNotAlone", target: urgentTarget });
  if (approved.length > LIMITS.commitChanges)
    obstacles.push({ kind: "tooManyChanges", approved: approved.length });
  return [...obstacles, ...impossibleChanges(state).values(), ...lastBan(state).values()];
}

/** The approved changes that no commit can hold, and why. */
function impossibleChanges({ approved, group }: ConversationState): ReadonlyMap<ApprovedProposal, Obstacle> {
  const members = new Set(group?.members ?? []);
  const requests = approved.map(({ request }) => request);
  const found = new Map<ApprovedProposal, Obstacle>();
  for (const [index, proposal] of approved.entries()) {
    const obstacle = obstacleTo(proposal.request, requests.slice(0, index), members);
    if (obstacle !== undefined) found.set(proposal, obstacle);
  }
  return found;
}

/**
 * Where every member is to be removed, none may commit: of the bans that came to this, the one with the greatest id.
 * It is the same at every member, in whatever order they were approved there. A leave is not a ban.
 */
function lastBan({ approved, group }: ConversationState): ReadonlyMap<ApprovedProposal, Obstacle> {
  const leaving = new Set(approved.map(({ request }) => removalTarget(request)));
  const bans = approved.flatMap((proposal) => {
    const target = removalTarget(proposal.request);
    return target === undefined || target === proposal.proposer ? [] : [{ proposal, target }];
  });
  const last = bans.sort((a, b) => b.proposal.proposalId - a.proposal.proposalId)[0];
  if (last === undefined || group?.members.some((member) => !leaving.has(member))) return new Map();
  return new Map([[last.proposal, { kind: "nobodyLeft", target: last.target }]]);
}

function obstacleTo(
  request: ConversationUpdateRequest,
  before: readonly ConversationUpdateRequest[],
  members: ReadonlySet<MemberId>,
): Obstacle | undefined {
  const target = membershipTarget(request);
  if (target === undefined) return undefined;
  const isMember = members.has(target);
  if (request.kind === "remove_member" && !isMember) return { kind: "notAMember", target };
  if (request.kind !== "invite_member") return undefined;
  if (isMember) return { kind: "alreadyAMember", target };
  const isSecond = before.some(
    (other) => other.kind === "invite_member" && memberIdFromBytes(other.identity) === target,
  );
  return isSecond ? { kind: "twoKeyPackages", target } : undefined;
}

function describe(obstacle: Obstacle): string {
  switch (obstacle.kind) {
    case "urgentNotAlone":
      return `The urgent removal of ${obstacle.target} was not committed alone; it waits for the other work.`;
    case "tooManyChanges":
      return `${obstacle.approved} changes are approved; one commit holds ${LIMITS.commitChanges}.`;
    case "notAMember":
      return `${obstacle.target}, who is to be removed, is no member.`;
    case "alreadyAMember":
      return `${obstacle.target}, who is to be added, is a member already.`;
    case "twoKeyPackages":
      return `${obstacle.target} is to be added by two key packages.`;
    case "nobodyLeft":
      return `without ${obstacle.target} nobody would be left to commit.`;
  }
}

/** 3.0.0 members never give up what was approved, so that nothing else can be committed in that conversation. */
function wayOut({ kind }: Obstacle): string {
  return kind === "urgentNotAlone" ? "" : " If it stays so, found a new conversation.";
}
