import { createEthereumSigner, type ConsensusSigner } from "../../packages/demls/dist/index.js";
import { createSeededRandom, type SeededRandom } from "../../packages/testkit/dist/index.js";

/**
 * Who becomes a steward depends on the addresses. With those of this seed it is never bob, who is not there to
 * do a steward's work.
 */
const SEED = "vectors/ts 1";

/** The members of this project. Dora founds the conversation. */
export type Name = "dora" | "emil" | "fay";

/** All that a member draws from. */
export function randomOf(name: Name): SeededRandom {
  return createSeededRandom(SEED).fork(name);
}

/** The key that signs a member's votes, and gives it its id. */
export function signerOf(name: Name): ConsensusSigner {
  return createEthereumSigner(randomOf(name).fork("key").bytes(32));
}
