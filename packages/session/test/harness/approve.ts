import type { ConversationUpdateRequest } from "@demls/wire";
import { take, type Member, type World } from "./world.js";

/** Approves changes without a vote, the same for everyone. */
export async function approve(
  world: World,
  ...requests: readonly ConversationUpdateRequest[]
): Promise<void> {
  const proposer = (world.members[0] as Member).id;
  const approved = requests.map((request, i) => ({ proposalId: i + 1, request, proposer }));
  for (const member of world.members) {
    member.state = { ...member.state, approved };
    await take(world, member, { kind: "tick" });
  }
}
