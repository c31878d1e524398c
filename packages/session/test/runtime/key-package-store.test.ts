import type { OwnKeyPackage } from "@demls/mls";
import { beforeEach, expect, test, vi } from "vitest";
import { createKeyPackageStore, type KeyPackageStore } from "../../src/runtime/key-package-store.js";
import type { ProvedLeafKey } from "../../src/runtime/own-leaf-key.js";
import { openScene, type Person } from "../harness/index.js";

let person: Person;
let store: KeyPackageStore;
let key: ProvedLeafKey;

beforeEach(async () => {
  ({ bob: person } = await openScene("key packages", "bob"));
  store = createKeyPackageStore(person.mls, "alice");
  key = { mls: person.mls, identityProof: new Uint8Array(65).fill(1) };
});

test("A consumed key package is removed and its private keys are zeroed; others are unchanged", async () => {
  const used = await store.generate(key, { boundTo: { name: "garden", groupId: undefined } });
  const kept = await store.generate(key, { boundTo: { name: "garden", groupId: undefined } });
  store.consume(used.reference);
  expect(store.unused()).toEqual([kept]);
  expect(isWiped(used)).toBe(true);
  expect(isWiped(kept)).toBe(false);
  store.consume(used.reference);
  store.consume("no such reference");
  expect(store.unused()).toEqual([kept]);
});

test("The end of a conversation wipes the key packages announced to it, and no others", async () => {
  const garden = await store.generate(key, { boundTo: { name: "garden", groupId: undefined } });
  const cellar = await store.generate(key, { boundTo: { name: "cellar", groupId: undefined } });
  const handedOut = await store.generate(key);
  store.discard("garden");
  expect([garden, cellar, handedOut].map(isWiped)).toEqual([true, false, false]);
  expect(store.unused()).toEqual([cellar, handedOut]);
  store.discard();
  expect([cellar, handedOut].map(isWiped)).toEqual([true, true]);
  expect(store.unused()).toEqual([]);
});

test("Of more than 64 unused key packages the oldest is wiped", async () => {
  const made: OwnKeyPackage[] = [];
  for (let i = 0; i < 65; i++) made.push(await store.generate(key));
  const [oldest, ...rest] = made;
  expect(oldest && isWiped(oldest)).toBe(true);
  expect(rest.some(isWiped)).toBe(false);
  expect(store.unused()).toEqual(rest);
});

test("A key package that cannot be generated leaves the store unchanged", async () => {
  vi.spyOn(person.mls, "generateKeyPackage").mockRejectedValueOnce(new Error("no randomness"));
  await expect(store.generate(key)).rejects.toThrow("no randomness");
  expect(store.unused()).toEqual([]);
});

function isWiped({ secrets }: OwnKeyPackage): boolean {
  return [secrets.initPrivateKey, secrets.leafPrivateKey].every((key) => key.every((byte) => byte === 0));
}
