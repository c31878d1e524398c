import type { ChangeRequest } from "../../src/model/request.js";
import { ban } from "./commands.js";
import { runUntil, take, type Member, type World } from "./world.js";
import { alter } from "./state.js";

/** Approves changes on all members without a vote. */
export async function approve(world: World, ...requests: readonly ChangeRequest[]): Promise<void> {
  const proposer = (world.members[0] as Member).id;
  const approved = requests.map((request, i) => ({ proposalId: i + 1, request, proposer }));
  for (const member of world.members) {
    alter(member, "changes", { approved });
    await take(world, member, { kind: "tick" });
  }
}

/** Proposes the removal of a member, and waits until all members have approved it. */
export async function approveBan(world: World, proposer: Member, target: Member): Promise<void> {
  await ban(world, proposer, target);
  await runUntil(world, () => world.members.every(({ state }) => state.changes.approved.length === 1));
}
