import { platformPrimitives } from "../../packages/mls/src/crypto/primitives-node.js";
import { unhex } from "../../packages/mls/test/crypto/primitives/bytes.js";
import { outcomeOf } from "../../packages/mls/test/crypto/primitives/operations.js";

const node = platformPrimitives();

/** Outcome of an MLS operation over node:crypto; see `outcomeOf`. Inputs are hex. */
export async function nodeOutcome(
  _context: unknown,
  name: string,
  inputs: readonly string[],
): Promise<string> {
  return outcomeOf(name, await node, inputs.map(unhex));
}
