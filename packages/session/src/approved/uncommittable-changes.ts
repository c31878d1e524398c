import { keepChanges, setUrgent } from "../changes/index.js";
import type { MemberId } from "@demls/wire/core";
import { referenceOf } from "./key-package-reference.js";
import { withheldAddition } from "../voting/grounds.js";
import { dropPendingUpdate } from "../voting/pending-updates.js";
import type { ApprovedChange } from "../model/changes.js";
import { compatibilityPolicy } from "../model/compatibility.js";
import { LIMITS } from "../model/limits.js";
import { membershipTarget, removalTarget, type ChangeRequest } from "../model/request.js";
import type { Active } from "../model/state.js";
import type { Obstacle } from "../model/traced-decision.js";
import { emit, isPendingRemoval, policyOf, trace, type ActiveTransaction } from "../model/transaction.js";

/**
 * Reports the approved changes that no commit can carry out, with one `error` event each, after a freeze without a
 * commit (weaknesses W9, W10, W22). If changes besides an urgent removal are approved, the next commit is no longer
 * restricted to that removal, because every member accepts a commit with all of them.
 */
export function reportUncommittable(tx: ActiveTransaction): void {
  const obstacles = uncommittableChanges(tx.state);
  if (obstacles.some(({ kind }) => kind === "urgentNotAlone")) setUrgent(tx, undefined);
  for (const obstacle of obstacles) {
    trace(tx, { kind: "uncommittableChange", obstacle });
    const message = `Approved work cannot be committed as it is: ${describe(obstacle)}${wayOut(obstacle)}`;
    emit(tx, { kind: "error", code: "uncommittable-change", operation: "approvedChange", message });
  }
}

/**
 * Removes and reports changes that no commit can contain, if the mode allows it (weakness W9). An addition of a member
 * is not reported: an earlier commit carried it out, for example the one that a member catches up with.
 */
export async function dropUncommittable(tx: ActiveTransaction): Promise<void> {
  if (!policyOf(tx).dropsUncommittable) return;
  const dropped = new Map([
    ...impossibleChanges(tx.state),
    ...lastBan(tx.state),
    ...withheldAdditions(tx),
    ...(await withdrawnAdditions(tx)),
  ]);
  if (dropped.size === 0) return;
  const { urgentTarget } = tx.state.changes;
  keepChanges(tx, (change) => !dropped.has(change));
  if (urgentTarget !== undefined && !isPendingRemoval(tx.state, urgentTarget)) {
    setUrgent(tx, undefined);
  }
  // The next announcement of such a joiner has the members asked about it.
  for (const [{ request }, { kind }] of dropped) if (kind === "notAdmitted") dropPendingUpdate(tx, request);
  for (const obstacle of dropped.values()) {
    trace(tx, { kind: "uncommittableChange", obstacle });
    if (obstacle.kind === "alreadyAMember") continue;
    const message = `Approved work was dropped: ${describe(obstacle)}`;
    emit(tx, { kind: "error", code: "change-dropped", operation: "approvedChange", message });
  }
}

/** Reasons that no commit can carry out the approved changes. */
export function uncommittableChanges(state: Active): readonly Obstacle[] {
  const { approved, urgentTarget } = state.changes;
  const obstacles: Obstacle[] = [];
  const isAlone = approved.length === 1 || compatibilityPolicy(state.mode).urgentCommitCarriesAll;
  if (urgentTarget !== undefined && !isAlone)
    obstacles.push({ kind: "urgentNotAlone", target: urgentTarget });
  if (approved.length > LIMITS.commitChanges)
    obstacles.push({ kind: "tooManyChanges", approved: approved.length });
  return [...obstacles, ...impossibleChanges(state).values(), ...lastBan(state).values()];
}

/** Approved changes that no commit can contain, with the reasons. */
function impossibleChanges({ changes, group }: Active): ReadonlyMap<ApprovedChange, Obstacle> {
  const members = new Set(group.members);
  const requests = changes.approved.map(({ request }) => request);
  const found = new Map<ApprovedChange, Obstacle>();
  for (const [index, change] of changes.approved.entries()) {
    const obstacle = obstacleTo(change.request, requests.slice(0, index), members);
    if (obstacle !== undefined) found.set(change, obstacle);
  }
  return found;
}

/**
 * The ban to drop if the approved removals include every member, because then none may commit: the ban with the
 * greatest id. It is the same at all members in any order of approval. A leave is not a ban.
 */
function lastBan({ changes, group }: Active): ReadonlyMap<ApprovedChange, Obstacle> {
  const leaving = new Set(changes.approved.map(({ request }) => removalTarget(request)));
  const bans = changes.approved.flatMap((change) => {
    const target = removalTarget(change.request);
    return target === undefined || target === change.proposer ? [] : [{ change, target }];
  });
  const last = bans.sort((a, b) => b.change.proposalId - a.change.proposalId)[0];
  if (last === undefined || group.members.some((member) => !leaving.has(member))) return new Map();
  return new Map([[last.change, { kind: "nobodyLeft", target: last.target }]]);
}

/** Approved additions by default consent that the invitation no longer carries. */
function withheldAdditions(tx: ActiveTransaction): ReadonlyMap<ApprovedChange, Obstacle> {
  const found = new Map<ApprovedChange, Obstacle>();
  for (const change of tx.state.changes.approved) {
    const kind = withheldAddition(tx, change);
    const target = membershipTarget(change.request);
    if (kind !== undefined && target !== undefined)
      found.set(change, { kind: "notAdmitted", target, reason: kind });
  }
  return found;
}

/** Approved additions of joiners that have given up since. */
async function withdrawnAdditions(tx: ActiveTransaction): Promise<ReadonlyMap<ApprovedChange, Obstacle>> {
  const found = new Map<ApprovedChange, Obstacle>();
  const { withdrawn } = tx.state.refusals;
  if (withdrawn.size === 0) return found;
  for (const change of tx.state.changes.approved) {
    const { request } = change;
    const reference = request.kind === "add" ? await referenceOf(tx, request.keyPackage) : undefined;
    if (request.kind === "add" && reference !== undefined && withdrawn.has(reference))
      found.set(change, { kind: "withdrawn", target: request.member });
  }
  return found;
}

function obstacleTo(
  request: ChangeRequest,
  before: readonly ChangeRequest[],
  members: ReadonlySet<MemberId>,
): Obstacle | undefined {
  const target = membershipTarget(request);
  if (target === undefined) return undefined;
  const isMember = members.has(target);
  if (request.kind === "remove") return isMember ? undefined : { kind: "notAMember", target };
  if (isMember) return { kind: "alreadyAMember", target };
  const isSecond = before.some((other) => other.kind === "add" && other.member === target);
  return isSecond ? { kind: "twoKeyPackages", target } : undefined;
}

function describe(obstacle: Obstacle): string {
  switch (obstacle.kind) {
    case "urgentNotAlone":
      return `The urgent removal of ${obstacle.target} was not committed alone; it waits for the other changes.`;
    case "tooManyChanges":
      return `${obstacle.approved} changes are approved; a commit contains at most ${LIMITS.commitChanges}.`;
    case "notAMember":
      return `${obstacle.target}, the target of a removal, is not a member.`;
    case "alreadyAMember":
      return `${obstacle.target}, the target of an add, is already a member.`;
    case "twoKeyPackages":
      return `${obstacle.target} has two approved key packages.`;
    case "notAdmitted":
      return `the addition of ${obstacle.target} has lost its ground (${obstacle.reason}); the members are asked about it.`;
    case "withdrawn":
      return `${obstacle.target} has withdrawn its request to join.`;
    case "nobodyLeft":
      return `without ${obstacle.target} no member could commit.`;
  }
}

/** 3.0.0 members never drop such a change, so it blocks every other change. */
function wayOut({ kind }: Obstacle): string {
  return kind === "urgentNotAlone" ? "" : " If this persists, create a new conversation.";
}
