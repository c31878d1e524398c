import { computeListSize } from "@demls/steward";
import { concatBytes, utf8ToBytes, type MemberId } from "@demls/wire/core";
import { sha256 } from "@noble/hashes/sha2.js";
import { policyOf, type ActiveTransaction } from "./transaction.js";

const LABEL = utf8ToBytes("de-MLS stewards");

/** Length of a seed in bytes. */
export const SEED_BYTES = sha256.outputLen;

/**
 * Seed of the lists that are derived in this epoch; undefined in a mode where they follow from public values. Members of the
 * epoch alone can compute it, and only once the commit that begins the epoch is made. A hash: members of later epochs learn
 * the seed of the current list, and must not learn the epoch authenticator.
 */
export function stewardSeed(tx: ActiveTransaction): Uint8Array | undefined {
  if (!policyOf(tx).seedsStewards) return undefined;
  return sha256(concatBytes(LABEL, tx.state.group.epochAuthenticator));
}

/** A value of the steward list plug-in that derives lists of this epoch; this member's by default. */
export function seeded(tx: ActiveTransaction, list: unknown = tx.state.stewards.list): unknown {
  return tx.env.plugins.stewards.withSeed(list, stewardSeed(tx));
}

/** A value of the steward list plug-in with the list that these members elect in this epoch, in a round of elections. */
export function derivedList(
  tx: ActiveTransaction,
  members: readonly MemberId[],
  retryRound: number,
): unknown {
  const { stewards } = tx.env.plugins;
  const list = seeded(tx);
  const size = computeListSize(stewards.config(list), members.length);
  return stewards.installList(list, tx.state.group.epoch, members, size, retryRound).state;
}
