import type { CompatibilityMode } from "../../src/index.js";
import { createdConversation } from "../../src/step/index.js";
import { create, createWorld, enterWorld, take, type Member, type World } from "../harness/index.js";

/** A group of fakes that begins in one epoch, without the votes by which a large group grows. */
export async function gatherAtOnce(size: number, mode: CompatibilityMode = "strict"): Promise<World> {
  const world = createWorld({ mode, fakes: true });
  const founder = await create(world, "member 0");
  const others: Member[] = [];
  for (let i = 1; i < size; i++) others.push(await enterWorld(world, `member ${i}`));
  const keyPackages = await Promise.all(others.map(({ mls }) => mls.generateKeyPackage()));
  const changes = keyPackages.map(({ bytes }) => ({ kind: "add", keyPackage: bytes }) as const);
  const { candidate } = await founder.mls.createCandidate(founder.state.group, changes);
  const { stewards, consensus } = founder.plugins;
  const { members } = candidate.next;
  for (const [i, member] of world.members.entries()) {
    const own = keyPackages[i - 1];
    const outcome = own && (await member.mls.join(candidate.welcome ?? new Uint8Array(0), [own]));
    if (outcome !== undefined && outcome.kind !== "joined") throw new Error("A member did not join.");
    const { list } = member.state.stewards;
    const { state } = stewards.installList(list, candidate.next.epoch, members.slice(0, 2), 2, 0);
    const scores = members.reduce(
      (values, each) => member.plugins.scoring.addMember(values, each),
      member.state.scores.values,
    );
    const { name, config } = member.state;
    member.state = createdConversation(
      { name, config, stewards: state, scores },
      { mode, group: outcome?.group ?? candidate.next, sessions: consensus.empty() },
    );
    await take(world, member, { kind: "tick" });
  }
  return world;
}
