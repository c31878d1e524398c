import { createGenerationLedger, type GenerationLedger } from "@demls/testkit";
import { toJson } from "demls";
import type { World } from "../world/world.js";

/**
 * Checks that no key seals two packets, at every packet. A member whose storage has lost an acknowledged batch is
 * counted, and breaks no rule: it may have lost the generations that it had sealed with.
 */
export function watchGenerations(world: World): GenerationLedger {
  const ledger = createGenerationLedger();
  let known = 0;
  world.onPacket((packet, from) => {
    ledger.note(packet.payload);
    for (const generation of ledger.reused.slice(known))
      if (!from.hasLostBatch)
        world.violate(`${from.name} seals twice: ${JSON.stringify(toJson(generation))}`);
    known = ledger.reused.length;
  });
  return ledger;
}
