import { compareBytes, utf8ToBytes, type MemberId } from "@demls/wire/core";
import { sha256 } from "@noble/hashes/sha2.js";

/** Inputs of the hash that determines a member's place, besides its id. */
interface OrderSeed {
  readonly electionEpoch: bigint;
  readonly retryRound: number;
  readonly conversationId: string;
  readonly seed?: Uint8Array | undefined;
}

/** Length of the epoch (u64) and the retry round (u32) in front of the member id. */
const SEED_LENGTH = 12;

/**
 * Sorts candidates in steward order. Equal ids keep their order, since the sort of de-mls 3.0.0 is stable. The hashed
 * parts have no delimiters, as in de-mls 3.0.0.
 */
export function sortBySteward(
  inputs: OrderSeed & { readonly candidates: readonly MemberId[] },
): readonly MemberId[] {
  const hash = stewardHasher(inputs);
  return inputs.candidates
    .map((id) => ({ id, prefix: leading32Bits(hash(id)) }))
    .sort((a, b) => a.prefix - b.prefix || compareBytes(hash(a.id), hash(b.id)))
    .map(({ id }) => id);
}

/**
 * Hashes all members through one buffer, in which only the id changes, and copies of one hash object. At 10,000
 * members, new arrays and hash objects would cost as much as the hashing.
 */
function stewardHasher({
  electionEpoch,
  retryRound,
  conversationId,
  seed,
}: OrderSeed): (id: MemberId) => Uint8Array {
  const ending = seed ?? utf8ToBytes(conversationId);
  const empty = sha256.create();
  const hash = sha256.create();
  let buffer = new Uint8Array(0);
  let hexLength = -1;
  return (id) => {
    if (id.length !== hexLength) {
      hexLength = id.length;
      const idEnd = SEED_LENGTH + hexLength / 2;
      buffer = new Uint8Array(idEnd + ending.length);
      const view = new DataView(buffer.buffer);
      view.setBigUint64(0, electionEpoch);
      view.setUint32(8, retryRound);
      buffer.set(ending, idEnd);
    }
    writeIdentity(id, buffer, SEED_LENGTH);
    const digest = new Uint8Array(sha256.outputLen);
    empty._cloneInto(hash).update(buffer).digestInto(digest);
    return digest;
  };
}

/** Writes the bytes of a member id, which is lower-case hex, at `offset`. */
function writeIdentity(id: MemberId, buffer: Uint8Array, offset: number): void {
  for (let i = 0; i < id.length; i += 2) {
    buffer[offset + i / 2] = 16 * hexDigit(id.charCodeAt(i)) + hexDigit(id.charCodeAt(i + 1));
  }
}

/** Value of a digit by its character code: `0`-`9` are 48-57, `a`-`f` are 97-102. */
function hexDigit(code: number): number {
  return code < 58 ? code - 48 : code - 87;
}

/**
 * The first 32 bits as a number. They decide nearly all comparisons; hashing again for the rest is cheaper than keeping
 * every digest. Not a DataView: one per digest would cost half as much as the hash.
 */
function leading32Bits([first = 0, second = 0, third = 0, fourth = 0]: Uint8Array): number {
  return ((first << 24) | (second << 16) | (third << 8) | fourth) >>> 0;
}
