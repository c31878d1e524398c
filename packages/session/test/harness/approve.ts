import { removalTarget, type ChangeRequest } from "../../src/model/request.js";
import { required } from "./agreement.js";
import { ban } from "./commands.js";
import { runUntil, take, type Member, type World } from "./world.js";
import { alter } from "./state.js";

/** Approves changes on all members without a vote. */
export async function approve(world: World, ...requests: readonly ChangeRequest[]): Promise<void> {
  // A removal that its target proposes is a leave.
  const targets = requests.map(removalTarget);
  const proposer = required(world.members.find(({ id }) => !targets.includes(id))).id;
  const approved = requests.map((request, i) => ({ proposalId: i + 1, request, proposer }));
  for (const member of world.members) {
    alter(member, "changes", { approved });
    await take(world, member, { kind: "tick" });
  }
}

/** Approves a change, and a further one when a steward has begun its freeze and the others have not. */
export async function approveDuringFreeze(
  world: World,
  steward: Member,
  first: ChangeRequest,
  second: ChangeRequest,
): Promise<void> {
  await approve(world, first);
  const others = world.members.filter((member) => member !== steward);
  const wakes = others.map(({ wakeAtMs }) => wakeAtMs);
  for (const member of others) member.wakeAtMs = undefined;
  // A packet would wake them, and the candidate arrives later.
  const { arrives } = world;
  world.arrives = () => false;
  world.delaysMs = ({ id }) => (id === steward.id ? [1_000] : [0]);
  await runUntil(world, () => steward.state.commit.candidates.size > 0);
  world.arrives = arrives;
  const approved = [first, second].map((request, i) => ({
    ...{ proposalId: i + 1, request, proposer: steward.id },
  }));
  for (const member of world.members) alter(member, "changes", { approved });
  for (const [at, member] of others.entries()) member.wakeAtMs = wakes[at];
}

/** Proposes the removal of a member, and waits until all members have approved it. */
export async function approveBan(world: World, proposer: Member, target: Member): Promise<void> {
  await ban(world, proposer, target);
  await runUntil(world, () => world.members.every(({ state }) => state.changes.approved.length === 1));
}
