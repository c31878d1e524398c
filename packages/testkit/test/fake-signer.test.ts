import { utf8ToBytes } from "@demls/wire/core";
import { expect, test } from "vitest";
import { createFakeSigner, fakeVoteVerifier } from "../src/index.js";

const [alice, bob] = [utf8ToBytes("alice"), utf8ToBytes("bob")];
const message = utf8ToBytes("yes");

test("a fake signature is deterministic, and valid only for its signer and message", () => {
  const signer = createFakeSigner(alice);
  const signature = signer.sign(message);
  expect(signer.sign(message)).toEqual(signature);
  expect(fakeVoteVerifier.verify(signer.identity, message, signature)).toBe("valid");
  expect(fakeVoteVerifier.verify(bob, message, signature)).toBe("invalid");
  expect(fakeVoteVerifier.verify(alice, utf8ToBytes("no"), signature)).toBe("invalid");
  expect(fakeVoteVerifier.verify(alice, message, signature.subarray(1))).toBe("malformed");
});
