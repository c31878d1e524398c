import { COMMIT_BATCH_MAX } from "@demls/steward";
import type { ConversationUpdateRequest } from "@demls/wire";
import { memberIdFromBytes, type MemberId } from "@demls/wire/core";
import type { ConversationState } from "./state.js";
import type { Obstacle } from "./traced-decision.js";
import { decide, emit, update, type Turn } from "./turn.js";
import { membershipTarget } from "./update-request.js";

/**
 * After a freeze without a commit: says, with one `error` event for each, what of the approved work no commit
 * can carry out (weaknesses W9, W10, W22), and lifts the restriction to an urgent removal where other work is
 * approved beside it. A commit that carries out all of it is one that every member takes.
 */
export function reportStuckWork(turn: Turn): void {
  const obstacles = stuckWork(turn.state);
  if (obstacles.some(({ kind }) => kind === "urgent-not-alone")) update(turn, { urgentTarget: undefined });
  for (const obstacle of obstacles) {
    decide(turn, { kind: "stuck-work", obstacle });
    const message = `Approved work cannot be committed as it is: ${describe(obstacle)}`;
    emit(turn, { kind: "error", operation: "approved work", message });
  }
}

/** What of the approved work no commit can carry out. */
export function stuckWork({ approved, urgentTarget, group }: ConversationState): readonly Obstacle[] {
  const obstacles: Obstacle[] = [];
  if (urgentTarget !== undefined && approved.length > 1)
    obstacles.push({ kind: "urgent-not-alone", target: urgentTarget });
  if (approved.length > COMMIT_BATCH_MAX)
    obstacles.push({ kind: "too-many-changes", approved: approved.length });
  const members = new Set(group?.members ?? []);
  const requests = approved.map(({ request }) => request);
  for (const [index, request] of requests.entries()) {
    const obstacle = obstacleTo(request, requests.slice(0, index), members);
    if (obstacle !== undefined) obstacles.push(obstacle);
  }
  return obstacles;
}

function obstacleTo(
  request: ConversationUpdateRequest,
  before: readonly ConversationUpdateRequest[],
  members: ReadonlySet<MemberId>,
): Obstacle | undefined {
  const target = membershipTarget(request);
  if (target === undefined) return undefined;
  const isMember = members.has(target);
  if (request.kind === "remove_member" && !isMember) return { kind: "not-a-member", target };
  if (request.kind !== "invite_member") return undefined;
  if (isMember) return { kind: "already-a-member", target };
  const isSecond = before.some(
    (other) => other.kind === "invite_member" && memberIdFromBytes(other.identity) === target,
  );
  return isSecond ? { kind: "two-key-packages", target } : undefined;
}

function describe(obstacle: Obstacle): string {
  switch (obstacle.kind) {
    case "urgent-not-alone":
      return `The urgent removal of ${obstacle.target} was not committed alone; it waits for the other work.`;
    case "too-many-changes":
      return `${obstacle.approved} changes are approved; one commit holds ${COMMIT_BATCH_MAX}.`;
    case "not-a-member":
      return `${obstacle.target}, who is to be removed, is no member.`;
    case "already-a-member":
      return `${obstacle.target}, who is to be added, is a member already.`;
    case "two-key-packages":
      return `${obstacle.target} is to be added by two key packages.`;
  }
}
