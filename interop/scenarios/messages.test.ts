import { describe, expect, test } from "vitest";
import type { SeededRandom } from "../../packages/testkit/src/index.js";
import type { Member } from "../driver/member.js";
import { packetsOf } from "../driver/packet-line.js";
import type { Kind } from "../driver/peer.js";
import { createGroup, withNetwork } from "./harness.js";

const MESSAGES = 500;

/**
 * Number of messages of one sender that may arrive in any order: 3.0.0 keeps the keys of the four generations before the
 * newest.
 */
const OUT_OF_ORDER = 5;

describe("Messages delivered out of order, within the kept generations", () => {
  test.concurrent.each<{ writer: Kind; readers: readonly [Kind, Kind] }>([
    { writer: "ts", readers: ["rust", "ts"] },
    { writer: "rust", readers: ["ts", "rust"] },
  ])(`from $writer are all received by $readers (${MESSAGES} messages)`, async ({ writer, readers }) => {
    await withNetwork({ seed: MESSAGES }, async (network) => {
      const [sender, ...receivers] = (await createGroup(network, [writer, ...readers])) as [
        Member,
        Member,
        Member,
      ];
      const linesBefore = sender.lines.length;
      network.copyDelays = () => [];
      const texts = Array.from({ length: MESSAGES }, (_, n) => `message ${n}`);
      for (const text of texts) await network.call(sender, "send_message", { text });
      const packets = packetsOf(sender.lines.slice(linesBefore));
      for (const receiver of receivers) {
        const readBefore = receiver.read.length;
        for (const packet of shuffleWithin(OUT_OF_ORDER, packets, network.random)) {
          await network.deliver(packet, sender, receiver);
        }
        const read = receiver.read.slice(readBefore);
        expect([...read].sort()).toEqual([...texts].sort());
        expect(read).not.toEqual(texts);
      }
    });
  });
});

/** Shuffles each block of `size` messages, so that fewer than `size` messages overtake any message. */
function shuffleWithin<T>(size: number, list: readonly T[], random: SeededRandom): T[] {
  const runs = Array.from({ length: Math.ceil(list.length / size) }, (_, run) =>
    random.shuffle(list.slice(run * size, (run + 1) * size)),
  );
  return runs.flat();
}
