import { createEthereumSigner, type ConsensusSigner } from "../../packages/demls/dist/index.js";
import { createSeededRandom, type SeededRandom } from "../../packages/testkit/dist/index.js";

/**
 * Seed of the addresses, which determine the stewards. With this seed bob is never a steward, since he is not online.
 */
const SEED = "vectors/ts 1";

/** The members of this project. Dora founds the conversation. */
export type Name = "dora" | "emil" | "fay";

/** Random source of a member. */
export function randomOf(name: Name): SeededRandom {
  return createSeededRandom(SEED).fork(name);
}

/** The key that signs a member's votes and determines its id. */
export function signerOf(name: Name): ConsensusSigner {
  return createEthereumSigner(randomOf(name).fork("key").bytes(32));
}
