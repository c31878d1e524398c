import { createMlsService } from "@demls/mls";
import { createSeededRandom } from "@demls/testkit";
import { expect } from "vitest";
import { encodeState } from "./encode-state.js";
import { keyPackagePacket } from "./forgery.js";
import { deliver, eventsOfKind, nowSeconds, receive, type Member, type World } from "./stepwise.js";
import type { Packet } from "@demls/wire/core";

/** The instance that packets come from whose sender is no member. */
export const STRANGER = { appId: new Uint8Array(16).fill(9) };

/** A genuine key package of the `index`th of as many identities as one likes to invent. */
export async function inventedKeyPackage(world: World, index: number): Promise<Packet> {
  const identity = new Uint8Array(20).fill(0x77);
  new DataView(identity.buffer).setUint32(0, index);
  const mls = await createMlsService({
    identity,
    random: createSeededRandom(`stranger ${index}`),
    wallMs: () => Number(nowSeconds(world)) * 1_000,
  });
  return keyPackagePacket(STRANGER, (await mls.generateKeyPackage()).bytes);
}

/** Every member refuses a key package for this reason, as if it had never come. */
export async function refusalsOf(
  world: World,
  members: readonly Member[],
  bytes: Uint8Array,
): Promise<Set<unknown>> {
  const reasons = new Set<unknown>();
  for (const member of members) {
    const before = encodeState(member.state, member.mls);
    const outcome = await receive(world, member, keyPackagePacket(STRANGER, bytes));
    expect(encodeState(member.state, member.mls)).toBe(before);
    reasons.add(
      outcome.kind === "rejected" && outcome.reason === "invalid-key-package" ? outcome.detail : outcome,
    );
  }
  await deliver(world);
  for (const member of members) expect(eventsOfKind(member, "voteRequested")).toEqual([]);
  return reasons;
}
