import { encodeVote } from "@demls/wire";
import { bytesToHex, bytesToUtf8 } from "@demls/wire/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createEthereumSigner, ethereumVerifier, identityStatement } from "../src/index.js";

const KEY = new Uint8Array(32).fill(0xab);
/** 2026-11-23 12:00:00 UTC. */
const SINCE = 1_795_435_200;
const signer = createEthereumSigner(new Uint8Array(32).fill(1));
const bytes = fc.uint8Array({ maxLength: 40 });

describe("An identity statement", () => {
  test("is a text that a wallet can show, with identity and key in hex and the time of the key", () => {
    expect(bytesToUtf8(identityStatement(signer.identity, KEY, SINCE))).toBe(
      "In de-MLS conversations, messages signed with the key below are mine.\n\n" +
        "Confirm only if you have just opened this app: any holder of that key can act in your name.\n\n" +
        `Identity: 0x1a642f0e3c3af545e7acbd38b07251b3990914f1\nKey: ${bytesToHex(KEY)}\n` +
        "Since: 2026-11-23T12:00:00.000Z",
    );
  });

  test("differs for every identity, key and time", () => {
    const statement = fc.tuple(bytes, bytes, fc.constantFrom(0, 1, SINCE, 8_640_000_000_000));
    fc.assert(
      fc.property(statement, statement, (one, other) => {
        const isSame = one.map(String).join("/") === other.map(String).join("/");
        const texts = [identityStatement(...one), identityStatement(...other)];
        expect(new Set(texts.map(bytesToHex)).size).toBe(isSame ? 1 : 2);
      }),
    );
  });

  test("is the encoding of no vote", () => {
    const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });
    const vote = fc.record({
      voteId: uint32,
      voteOwner: bytes,
      proposalId: uint32,
      timestamp: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      vote: fc.boolean(),
      parentHash: bytes,
      receivedHash: bytes,
      voteHash: bytes,
      signature: bytes,
    });
    const [first = 0] = identityStatement(signer.identity, KEY, SINCE);
    expect(first).toBeLessThan(0x80);
    fc.assert(
      fc.property(vote, (any) => {
        const [start = 0x80] = encodeVote(any);
        expect(start).toBeGreaterThanOrEqual(0x80);
      }),
    );
  });

  test("is proved by its identity's signature over its key, and by no other", async () => {
    const proof = signer.sign(identityStatement(signer.identity, KEY, SINCE));
    const other = createEthereumSigner(new Uint8Array(32).fill(2)).identity;
    const verify = (identity: Uint8Array, key: Uint8Array, since = SINCE) =>
      ethereumVerifier.verify(identity, identityStatement(identity, key, since), proof);
    expect(await verify(signer.identity, KEY)).toBe("valid");
    expect(await verify(other, KEY)).toBe("invalid");
    expect(await verify(signer.identity, KEY.with(0, 0))).toBe("invalid");
    expect(await verify(signer.identity, KEY, SINCE + 1)).toBe("invalid");
  });
});
