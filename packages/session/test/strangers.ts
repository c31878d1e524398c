import { createMlsService } from "@demls/mls";
import { createSeededRandom } from "@demls/testkit";
import { keyPackagePacket } from "./forgery.js";
import { nowSeconds, type World } from "./world.js";
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
