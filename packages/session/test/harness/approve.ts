import type { ChangeRequest } from "../../src/model/request.js";

import { take, type Member, type World } from "./world.js";
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
