import { createMlsService } from "@demls/mls";
import { createSeededRandom } from "@demls/testkit";
import type { ConversationUpdateRequest } from "@demls/wire";
import { nowSeconds, take, type Member, type World } from "./stepwise.js";

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

/** A stranger's identity. */
export function stranger(number: number): Uint8Array {
  return new Uint8Array(20).fill(0x77).with(0, number);
}

/** A genuine key package, drawn from `seed`: the same seed gives the same keys, whatever the identity. */
export async function keyPackageOf(
  world: World,
  identity: Uint8Array,
  seed: string,
  ageSeconds = 0,
): Promise<Uint8Array> {
  const wallMs = (): number => (Number(nowSeconds(world)) - ageSeconds) * 1_000;
  const mls = await createMlsService({ identity, random: createSeededRandom(seed), wallMs });
  return (await mls.generateKeyPackage()).bytes;
}
