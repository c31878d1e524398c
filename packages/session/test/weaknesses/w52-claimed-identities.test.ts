import { createEthereumSigner } from "@demls/consensus";
import { createMlsService } from "@demls/mls";
import { createSeededRandom } from "@demls/testkit";
import { memberIdFromBytes } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import {
  advance,
  broadcast,
  enter,
  eventsOf,
  gatherInEachMode,
  keyPackagePacket,
  MODES,
  shareEpoch,
  snapshotAt,
  wallMs,
} from "../harness/index.js";

const settled = await gatherInEachMode(["alice", "bob", "carol"]);

/** The owner of an identity that has never heard of the conversation. */
const victim = createEthereumSigner(new Uint8Array(32).fill(3));

describe.each(MODES)("W52: a key package that a stranger made in another's name (%s)", (mode) => {
  const isAdded = mode === "de-mls-3";

  test(`${isAdded ? "adds a member under" : "is rejected, and adds nobody under"} that name`, async () => {
    const { world } = await settled(mode);
    const members = [...world.members];
    const mallory = await enter(world, "mallory");
    const mls = await createMlsService({
      ...{ identity: victim.identity, random: createSeededRandom("claim"), wallMs: () => wallMs(world) },
    });
    const { bytes } = await mls.generateKeyPackage();
    broadcast(world, mallory, keyPackagePacket(mallory, bytes));
    await advance(world, 300_000);
    expect(shareEpoch(members)).toBe(true);
    const name = memberIdFromBytes(victim.identity);
    for (const member of members) {
      expect(snapshotAt(member).members.some(({ id }) => id === name)).toBe(isAdded);
      expect(snapshotAt(member).members.map(({ identityProved }) => identityProved)).not.toContain(isAdded);
      expect(eventsOf(member, "voteRequested")).toHaveLength(isAdded ? 1 : 0);
    }
  });
});
