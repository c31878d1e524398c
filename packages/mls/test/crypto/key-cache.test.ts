import { expect, test, vi } from "vitest";
import { cachedPrivateKeys } from "../../src/crypto/key-cache.js";

const key = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);

test("A private key is parsed once, and not again for a copy of it", () => {
  const parse = vi.fn((bytes: Uint8Array) => bytes[0]);
  const parsed = cachedPrivateKeys(parse);
  const own = key(1);
  expect([parsed(own), parsed(own), parsed(key(1))]).toEqual([1, 1, 1]);
  expect(parse).toHaveBeenCalledTimes(1);
});

test("Another private key is parsed by itself, also after the former one was wiped", () => {
  const parsed = cachedPrivateKeys((bytes) => bytes[0]);
  const former = key(1);
  expect([parsed(former), parsed(key(2))]).toEqual([1, 2]);
  const wiped = key(3);
  parsed(wiped);
  wiped.fill(0);
  expect([parsed(key(3)), parsed(key(1))]).toEqual([3, 1]);
});
