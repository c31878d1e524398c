import { afterAll, describe, expect, test } from "vitest";
import type { SeededRandom } from "../../packages/testkit/src/index.js";
import { expectAgreement, expectGone } from "../driver/divergence/agreement.js";
import type { CopyDelays } from "../driver/delivery.js";
import { Divergence } from "../driver/divergence/divergence.js";
import type { Member } from "../driver/member.js";
import type { MixedNetwork } from "../driver/mixed-network.js";
import type { Kind } from "../driver/peer.js";
import { replay } from "../driver/replay.js";
import { createGroup, withNetwork, saveLog } from "./harness.js";

const RUNS = 30;
const WANTED_TOGETHER = 20;
const CHANGES = 3;

/** Minimum number of runs without divergence. The others diverge by a weakness of 3.0.0, which is printed. */
let together = 0;

describe("Random runs of both implementations, with delay and duplication", () => {
  test.concurrent.each(Array.from({ length: RUNS }, (_, run) => ({ seed: run + 1 })))(
    "of seed $seed end in agreement, or part over a known weakness of 3.0.0",
    async ({ seed }) => {
      await withNetwork({ seed }, async (network) => {
        try {
          await liveAtRandom(network);
          together += 1;
        } catch (error) {
          if (!(error instanceof Divergence) || error.known === undefined) throw error;
          process.stdout.write(`seed ${seed}: ${error.message}\n`);
        } finally {
          await network.close();
          saveLog(network, `random-${seed}`);
        }
        expect(await replay(seed, network.log)).toBeUndefined();
      });
    },
  );
});

afterAll(() => {
  process.stdout.write(`${together} of ${RUNS} random lives ended in agreement\n`);
  expect(together).toBeGreaterThanOrEqual(WANTED_TOGETHER);
});

async function liveAtRandom(network: MixedNetwork): Promise<void> {
  const { random } = network;
  network.copyDelays = randomDelays(random.fork("road"));
  const others = Array.from({ length: random.integer(0, 2) }, () => random.pick(["ts", "rust"] as const));
  let members = await createGroup(network, random.shuffle<Kind>(["ts", "rust", ...others]));
  for (let change = 0; change < CHANGES; change++) {
    members = await changeAtRandom(network, members, change);
    await expectAgreement(network, members);
  }
  expect(members.length).toBeGreaterThan(1);
}

async function changeAtRandom(
  network: MixedNetwork,
  members: readonly Member[],
  change: number,
): Promise<Member[]> {
  const { random } = network;
  const actor = random.pick(members);
  const others = members.filter((member) => member !== actor);
  switch (members.length < 3 ? "add" : random.pick(["add", "add two", "ban", "leave"] as const)) {
    case "add":
      return [...members, await network.addJoiner(`joiner${change}`, random.pick(["ts", "rust"]))];
    case "add two": {
      const first = await network.addJoiner(`joiner${change}a`, "ts");
      return [...members, first, await network.addJoiner(`joiner${change}b`, "rust")];
    }
    case "ban": {
      const banned = random.pick(others);
      await network.call(actor, "ban_request", { identity_hex: banned.identity });
      await expectGone(network, banned);
      return members.filter((member) => member !== banned);
    }
    case "leave":
      await network.call(actor, "leave");
      await expectGone(network, actor);
      return others;
  }
}

/**
 * Delivers most packets after 20 to 50 ms, which reorders them, and one in ten twice. Key packages and welcomes are
 * delivered early and once: a welcome after the next election would always cause a divergence (weakness W6), and a
 * duplicate key package nearly always (weakness W10).
 */
function randomDelays(random: SeededRandom): CopyDelays {
  return ({ subtopic }) => {
    if (subtopic === "welcome") return [5];
    const first = random.integer(20, 50);
    return random.integer(1, 10) === 1 ? [first, first + random.integer(0, 200)] : [first];
  };
}
