import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decodeAppMessage,
  decodeConversationUpdateRequest,
  decodeProposal,
  decodeRepairMessage,
  decodeRepairPacket,
  decodeSignedRepairMessage,
  decodeVote,
  decodeWelcomeMessage,
  MAX_PACKET_BYTES,
  encodeAppMessage,
  encodeConversationUpdateRequest,
  encodeProposal,
  encodeRepairMessage,
  encodeRepairPacket,
  encodeSignedRepairMessage,
  encodeVote,
  encodeWelcomeMessage,
  type Decoded,
} from "../../src/index.js";
import {
  arbitraryAppMessage,
  arbitraryProposal,
  arbitraryRepairMessage,
  arbitraryRepairPacket,
  arbitrarySignedRepairMessage,
  arbitraryUpdateRequest,
  arbitraryVote,
  arbitraryWelcomeMessage,
} from "../arbitraries.js";
import { expectAtMost, expectSame, expectSameBytes } from "../../../../hostile/expectations.js";
import { made, recipe } from "../../../../hostile/hostile-packet.js";
import { keeping, knowingPlaces, replaying } from "../../../../hostile/regressions.js";
import { createTries, trying } from "../../../../hostile/runs.js";
import { weightOf } from "../../../../hostile/weight.js";

/** Number of packets per decoder. */
const EACH = 10_000;

/** A decoder with its encoder and genuine values. */
interface Codec {
  readonly decode: (bytes: Uint8Array) => Decoded<unknown>;
  readonly encode: (value: unknown) => Uint8Array;
  readonly genuine: readonly Uint8Array[];
}

function codec<T>(
  decode: (bytes: Uint8Array) => Decoded<T>,
  encode: (value: T) => Uint8Array,
  values: fc.Arbitrary<T>,
): Codec {
  const genuine = fc.sample(values, { ...trying(1), numRuns: 100 }).map(encode);
  return { decode, encode: (value) => encode(value as T), genuine };
}

const CODECS: Readonly<Record<string, Codec>> = {
  decodeAppMessage: codec(decodeAppMessage, encodeAppMessage, arbitraryAppMessage),
  decodeWelcomeMessage: codec(decodeWelcomeMessage, encodeWelcomeMessage, arbitraryWelcomeMessage),
  decodeConversationUpdateRequest: codec(
    decodeConversationUpdateRequest,
    encodeConversationUpdateRequest,
    arbitraryUpdateRequest,
  ),
  decodeProposal: codec(decodeProposal, encodeProposal, arbitraryProposal),
  decodeVote: codec(decodeVote, encodeVote, arbitraryVote),
  decodeRepairPacket: codec(decodeRepairPacket, encodeRepairPacket, arbitraryRepairPacket),
  decodeSignedRepairMessage: codec(
    decodeSignedRepairMessage,
    encodeSignedRepairMessage,
    arbitrarySignedRepairMessage,
  ),
  decodeRepairMessage: codec(decodeRepairMessage, encodeRepairMessage, arbitraryRepairMessage),
};

/** Weight of a value besides its bytes: the objects of an empty message, and its `kind`. */
const FIXED_WEIGHT = 64;

/**
 * An element of a repeated field has at least two bytes in the packet, and an approved proposal becomes two objects.
 */
const WEIGHT_PER_BYTE = 2;

function check({ decode, encode }: Codec, bytes: Uint8Array): void {
  const before = bytes.slice();
  const decoded = decode(bytes);
  expectSameBytes(bytes, before);
  if (!decoded.ok) {
    expectSame(decoded.reason, bytes.length > MAX_PACKET_BYTES ? "too-large" : "malformed");
    return;
  }
  expectAtMost(weightOf(decoded.value), FIXED_WEIGHT + WEIGHT_PER_BYTE * bytes.length);
  const written = encode(decoded.value);
  const again = decode(written);
  if (!again.ok) throw new Error("An encoded value was not decoded.");
  expectSameBytes(encode(again.value), written);
}

describe("hostile bytes are rejected, or decode to a value that survives a round trip and is no larger", () => {
  const tries = createTries();

  test.each(Object.entries(CODECS))("%s", async (name, codec) => {
    await fc.assert(
      fc.asyncProperty(recipe, async (how) => {
        const bytes = made(how, codec.genuine);
        tries.note(name);
        await keeping(name, bytes, () => check(codec, bytes));
      }),
      trying(EACH),
    );
  });

  test("all hostile bytes were tried", () => {
    const names = Object.keys(CODECS);
    tries.expectAtLeast(Object.fromEntries(names.map((name) => [name, EACH])), names.length * EACH);
  });

  test("no object in the program gained a property from hostile bytes", () => {
    const inherited: string[] = [];
    for (const key in {}) inherited.push(key);
    expect(inherited).toEqual([]);
  });
});

const folder = new URL("regressions/", import.meta.url);
knowingPlaces(folder, Object.keys(CODECS));
replaying(
  folder,
  Object.fromEntries(
    Object.entries(CODECS).map(([name, codec]) => [name, (bytes: Uint8Array) => check(codec, bytes)]),
  ),
);
