import { bytesToHex, DemlsError } from "@demls/wire/core";
import { expect, test } from "vitest";
import { advance, gather, noteSecrets, openScene, secretsIn, until } from "../harness/index.js";

/** All content of a value: texts, and bytes as hex, also in lists of numbers. Single numbers are skipped. */
function everythingSaid(value: unknown): string {
  if (value instanceof Uint8Array) return bytesToHex(value);
  if (value instanceof Error) {
    const { message, stack, cause } = value;
    return everythingSaid([message, stack, cause, { ...value }]);
  }
  if (value instanceof Map || value instanceof Set) return everythingSaid([...value]);
  if (Array.isArray(value)) {
    const bytes = value.every((item) => Number.isInteger(item) && item >= 0 && item < 256);
    return bytes ? bytesToHex(Uint8Array.from(value as number[])) : value.map(everythingSaid).join("\n");
  }
  if (typeof value === "object" && value !== null) return everythingSaid(Object.values(value));
  return typeof value === "string" ? value : "";
}

test("The search for secrets finds them in bytes, lists and texts", () => {
  const secret = Uint8Array.from({ length: 16 }, (_, i) => i + 1);
  const hex = bytesToHex(secret);
  const error = new DemlsError("oops", { message: "no", cause: new Error(`key ${hex}`) });
  for (const leak of [
    { a: [{ secret }] },
    [[...secret]],
    { text: `x${hex}y` },
    new Map([[1, secret]]),
    error,
  ]) {
    expect(everythingSaid(leak)).toContain(hex);
  }
});

test("Users never reveal a secret in a whole life", async () => {
  const { scene, alice, bob, carol } = await openScene("secrets", "alice", "bob", "carol");
  const people = [alice, bob, carol];
  const secrets = people.map(noteSecrets);
  const said: unknown[] = [];
  for (const { user } of people) {
    user.lifecycle$.subscribe((change) => {
      if (change.kind === "created") change.conversation.state$.subscribe((state) => said.push(state));
    });
  }
  const fails = (promise: Promise<unknown>): Promise<unknown> =>
    promise.catch((error: unknown) => said.push(error));

  const [atAlice, atBob] = await gather(scene, "garden", alice, bob, carol);
  await atAlice.send("hello");
  await fails(atAlice.proposeAdd(Uint8Array.of(1)).accepted);
  await fails(atAlice.vote(1, true));
  bob.signing = () => {
    throw new Error(`cannot sign with ${bytesToHex(bob.secretKey)}`);
  };
  await fails(atBob.proposeRemove(carol.id).accepted);
  bob.signing = (sign) => sign();
  bob.transport.mood = "refusing";
  await atBob.send("lost");
  await advance(scene, 10_000);
  bob.transport.mood = "well";
  const ban = atAlice.proposeRemove(carol.id);
  await until(scene, () => carol.user.conversations.size === 0);
  await ban.committed;
  await until(scene, () => atBob.state.members.length === 2);
  atBob.leave();
  await until(scene, () => bob.user.conversations.size === 0);
  await scene.close();

  const everything = everythingSaid([
    said,
    people.map(({ events, inbound, lifecycle, transport }) => [
      events,
      inbound,
      lifecycle.map((change) => (change.kind === "created" ? change.conversation.state : change)),
      transport.attempts,
    ]),
  ]);
  expect(everything.length).toBeGreaterThan(100_000);
  for (const ofOne of secrets) {
    // The two long-lived keys, and at least one epoch's key schedule, ratchets and private path.
    expect(ofOne.size).toBeGreaterThanOrEqual(20);
    expect(secretsIn(everything, ofOne)).toEqual([]);
  }
});
