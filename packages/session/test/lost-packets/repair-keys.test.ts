import { beforeEach, expect, test, vi } from "vitest";
import { wipeReplaced } from "../../src/runtime/wiping.js";
import type { Active } from "../../src/step/index.js";
import {
  advance,
  enter,
  gather,
  gatherWorld,
  openScene,
  until,
  type Member,
  type Person,
  type Scene,
} from "../harness/index.js";

let scene: Scene, alice: Person, bob: Person;
/** Every repair key that a user has encrypted with, by reference, in order of first use. */
let keys: Set<Uint8Array>;

beforeEach(async () => {
  ({ scene, alice, bob } = await openScene("repair keys", "alice", "bob"));
  keys = new Set();
  const { sealWithKey } = alice.mls;
  vi.spyOn(alice.mls, "sealWithKey").mockImplementation((key, ...rest) => {
    keys.add(key);
    return sealWithKey(key, ...rest);
  });
  await gather(scene, "garden", alice, bob);
  await advance(scene, 30_000);
});

const isZero = (key: Uint8Array): boolean => key.every((byte) => byte === 0);

async function grow(name: string): Promise<void> {
  const person = await enter(scene, name);
  const conversation = await person.user.join({ name: "garden" }).conversation;
  await until(scene, () => conversation.state.phase === "working");
  await advance(scene, 30_000);
}

test("The repair key of a forgotten epoch is zeroed, and those of later epochs are kept", async () => {
  const { members } = await gatherWorld(["alice", "bob", "carol"], { mode: "strict", fakes: true });
  const [{ state, mls }] = members as [Member];
  const before = state as Active;
  const [forgotten, ...kept] = before.repair.epochs;
  expect(kept.length).toBeGreaterThan(0);
  const after: Active = {
    ...before,
    group: { ...before.group, epoch: before.group.epoch + 1n, epochAuthenticator: new Uint8Array(32) },
    repair: { ...before.repair, epochs: kept },
  };
  wipeReplaced({ ...mls, wipe: () => undefined }, before, after);
  expect(forgotten && isZero(forgotten.key)).toBe(true);
  expect(kept.map(({ key }) => isZero(key))).not.toContain(true);
});

test("All repair keys are zeroed when the user closes", async () => {
  await grow("carol");
  await alice.user.close();
  expect(keys.size).toBeGreaterThan(1);
  expect([...keys].every(isZero)).toBe(true);
});

test("All repair keys are zeroed when the membership ends", async () => {
  alice.user.conversation("garden").leave();
  await until(scene, () => alice.user.conversations.size === 0);
  expect(keys.size).toBeGreaterThan(0);
  expect([...keys].every(isZero)).toBe(true);
});
