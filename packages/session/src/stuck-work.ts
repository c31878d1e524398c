import { COMMIT_BATCH_MAX } from "@demls/steward";
import type { ConversationUpdateRequest } from "@demls/wire";
import { memberIdFromBytes, type MemberId } from "@demls/wire/core";
import { emit, update, type Turn } from "./turn.js";
import { membershipTarget } from "./update-request.js";

/**
 * After a freeze without a commit: says, with one `error` event for each, what of the approved work no commit
 * can carry out (weaknesses W9, W10, W22), and lifts the restriction to an urgent removal where other work is
 * approved beside it. A commit that carries out all of it is one that every member takes.
 */
export function reportStuckWork(turn: Turn): void {
  const { approved, urgentTarget } = turn.state;
  if (urgentTarget !== undefined && approved.length > 1) {
    update(turn, { urgentTarget: undefined });
    report(
      turn,
      `The urgent removal of ${urgentTarget} was not committed alone; it waits for the other work.`,
    );
  }
  if (approved.length > COMMIT_BATCH_MAX) {
    report(turn, `${approved.length} changes are approved; one commit holds ${COMMIT_BATCH_MAX}.`);
  }
  const members = new Set(turn.state.group?.members ?? []);
  const requests = approved.map(({ request }) => request);
  for (const [index, request] of requests.entries()) {
    const obstacle = obstacleTo(request, requests.slice(0, index), members);
    if (obstacle !== undefined) report(turn, obstacle);
  }
}

function obstacleTo(
  request: ConversationUpdateRequest,
  before: readonly ConversationUpdateRequest[],
  members: ReadonlySet<MemberId>,
): string | undefined {
  const target = membershipTarget(request);
  if (target === undefined) return undefined;
  const isMember = members.has(target);
  if (request.kind === "remove_member" && !isMember) return `${target}, who is to be removed, is no member.`;
  if (request.kind !== "invite_member") return undefined;
  if (isMember) return `${target}, who is to be added, is a member already.`;
  const isSecond = before.some(
    (other) => other.kind === "invite_member" && memberIdFromBytes(other.identity) === target,
  );
  return isSecond ? `${target} is to be added by two key packages.` : undefined;
}

function report(turn: Turn, obstacle: string): void {
  const message = `Approved work cannot be committed as it is: ${obstacle}`;
  emit(turn, { kind: "error", operation: "approved work", message });
}
