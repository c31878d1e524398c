import { expect, test } from "vitest";
import { runs } from "../../../../hostile/runs.js";
import { disagreements, gather, overfull, present } from "../harness/index.js";
import { liveThrough, village } from "./village.js";

const VILLAGERS = Array.from({ length: 12 }, (_, i) => `villager ${i}`);

/** Maximum delay of a packet: below every timeout between members. */
const DELAY_LIMIT_MS = 1_000;

const SEED = "a village";

test.each([
  ["de-mls-3", BigInt(runs(30))],
  ["strict", BigInt(runs(30))],
] as const)(
  "twelve members join and leave, and agree after every epoch: %s, until epoch %d",
  { timeout: 300_000 },
  async (mode, lastEpoch) => {
    const { world } = await gather(VILLAGERS, { fakes: true, mode, stewards: { snMin: 2, snMax: 3 } });
    const scene = village(world, `${SEED} ${mode}`, { min: 9, max: 14 }, DELAY_LIMIT_MS);
    for (let epoch = 0n; epoch < lastEpoch;) {
      await liveThrough(scene);
      const here = present(world);
      epoch = here[0]?.state.group?.epoch ?? 0n;
      const where = `seed ${SEED}, ${mode}, epoch ${epoch}`;
      expect(disagreements(here), where).toEqual([]);
      expect(here.flatMap(overfull), where).toEqual([]);
      expect(scene.generations.reused, where).toEqual([]);
    }
  },
);
