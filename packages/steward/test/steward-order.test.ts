import { createHash } from "node:crypto";

import { compareBytes, concatBytes, memberIdToBytes, utf8ToBytes, type MemberId } from "@demls/wire/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { sortBySteward } from "../src/steward-order.js";
import { anyEpoch, anyGroup, anyMemberId, anyRetryRound, recordedId } from "./fixtures.js";

const anySeed = fc.record({
  electionEpoch: anyEpoch,
  retryRound: anyRetryRound,
  conversationId: fc.string({ unit: "grapheme", maxLength: 40 }),
});

type Seed = typeof anySeed extends fc.Arbitrary<infer T> ? T : never;

/** The rule as specified, with another SHA-256. */
function digest({ electionEpoch, retryRound, conversationId }: Seed, id: MemberId): Uint8Array {
  const numbers = new DataView(new ArrayBuffer(12));
  numbers.setBigUint64(0, electionEpoch);
  numbers.setUint32(8, retryRound);
  const message = concatBytes(
    new Uint8Array(numbers.buffer),
    memberIdToBytes(id),
    utf8ToBytes(conversationId),
  );
  return createHash("sha256").update(message).digest();
}

function sortByWholeDigest(seed: Seed, candidates: readonly MemberId[]): readonly MemberId[] {
  return [...candidates].sort((a, b) => compareBytes(digest(seed, a), digest(seed, b)));
}

describe("steward order", () => {
  it("is ascending by the whole digest, whatever the ids, their lengths and repetitions", () => {
    fc.assert(
      fc.property(anySeed, fc.array(anyMemberId, { maxLength: 20 }), (seed, ids) => {
        const candidates = [...ids, ...ids.slice(0, 2)];
        expect(sortBySteward({ ...seed, candidates })).toEqual(sortByWholeDigest(seed, candidates));
      }),
    );
  });

  it("does not depend on the order of the candidates", () => {
    const groupTwice = anyGroup.chain((group) =>
      fc.tuple(
        fc.constant(group),
        fc.shuffledSubarray([...group], { minLength: group.length, maxLength: group.length }),
      ),
    );
    fc.assert(
      fc.property(anySeed, groupTwice, (seed, [group, shuffled]) => {
        expect(sortBySteward({ ...seed, candidates: shuffled })).toEqual(
          sortBySteward({ ...seed, candidates: group }),
        );
      }),
    );
  });

  it("uses the rest of the digests if the first 32 bits are equal", () => {
    const seed = { electionEpoch: 0n, retryRound: 0, conversationId: "collision" };
    const smaller = recordedId("000000000000000000000000000000000000a7e7");
    const larger = recordedId("0000000000000000000000000000000000021b1b");
    expect(digest(seed, smaller).subarray(0, 4)).toEqual(digest(seed, larger).subarray(0, 4));
    expect(sortBySteward({ ...seed, candidates: [larger, smaller] })).toEqual(
      sortByWholeDigest(seed, [larger, smaller]),
    );
    expect(sortBySteward({ ...seed, candidates: [smaller, larger] })).toEqual(
      sortByWholeDigest(seed, [larger, smaller]),
    );
  });
});
