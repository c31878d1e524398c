import type { MlsGroup, OwnKeyPackage } from "@demls/mls";
import { bytesToHex } from "@demls/wire/core";
import { expect, test, vi } from "vitest";
import { DemlsError } from "@demls/wire/core";
import { createScene, type Person } from "./scene.js";

/** Shorter ones, such as counters, occur by chance. */
const SECRET_BYTES = 16;

/** Where ts-mls keeps the secrets of a group. */
interface SecretState {
  readonly keySchedule: Readonly<Record<string, Uint8Array>>;
  readonly privatePath: { readonly privateKeys: Readonly<Record<number, Uint8Array>> };
}

/** Notes every secret that a person comes to hold, at the moment when it does. */
function noteSecrets(person: Person): Set<string> {
  const secrets = new Set<string>();
  const note = (bytes: Uint8Array): void => {
    if (bytes.length >= SECRET_BYTES && bytes.some((byte) => byte !== 0)) secrets.add(bytesToHex(bytes));
  };
  const noteGroup = ({ state, authenticator }: MlsGroup): void => {
    const { keySchedule, privatePath } = state as SecretState;
    for (const secret of Object.values(keySchedule)) note(secret);
    for (const key of Object.values(privatePath.privateKeys)) note(key);
    // The one output of the key schedule that is there to be compared in the open (RFC 9420 § 8.7).
    secrets.delete(bytesToHex(authenticator));
  };
  note(person.secretKey);
  note(person.mls.signaturePrivateKey);
  const { generateKeyPackage, createGroup, join, adopt } = person.mls;
  vi.spyOn(person.mls, "generateKeyPackage").mockImplementation(async () => {
    const made: OwnKeyPackage = await generateKeyPackage();
    note(made.secrets.initPrivateKey);
    note(made.secrets.leafPrivateKey);
    return made;
  });
  vi.spyOn(person.mls, "createGroup").mockImplementation(async (name, options) => {
    const group = await createGroup(name, options);
    noteGroup(group);
    return group;
  });
  vi.spyOn(person.mls, "join").mockImplementation(async (welcome, keyPackages) => {
    const outcome = await join(welcome, keyPackages);
    if (outcome.kind === "joined") noteGroup(outcome.group);
    return outcome;
  });
  vi.spyOn(person.mls, "adopt").mockImplementation((group, staged) => {
    const next = adopt(group, staged);
    noteGroup(next);
    return next;
  });
  return secrets;
}

/** All that a value says: texts as they are, bytes, also in plain lists, as hex. A single number says too little. */
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

test("A search for secrets finds them in bytes, in lists and in texts", () => {
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

test("Nothing that users let out in a whole life holds a secret of theirs", async () => {
  const scene = createScene("secrets");
  const people = [await scene.enter("alice"), await scene.enter("bob"), await scene.enter("carol")] as const;
  const [alice, bob, carol] = people;
  const secrets = people.map(noteSecrets);
  const said: unknown[] = [];
  for (const { user } of people) {
    user.lifecycle$.subscribe((change) => {
      if (change.kind === "created") change.conversation.state$.subscribe((state) => said.push(state));
    });
  }
  const fails = (promise: Promise<unknown>): Promise<unknown> =>
    promise.catch((error: unknown) => said.push(error));

  const [atAlice, atBob] = await scene.gather("garden", alice, bob, carol);
  if (atAlice === undefined || atBob === undefined) throw new Error("no garden");
  await atAlice.send("hello");
  await fails(atAlice.proposeAdd(Uint8Array.of(1)).accepted);
  await fails(atAlice.vote(1, true));
  bob.signing = () => {
    throw new Error(`cannot sign with ${bytesToHex(bob.secretKey)}`);
  };
  await fails(atBob.ban(carol.id).accepted);
  bob.signing = (sign) => sign();
  bob.transport.mood = "refusing";
  await atBob.send("lost");
  await scene.clock.advance(10_000);
  bob.transport.mood = "well";
  const ban = atAlice.ban(carol.id);
  await scene.until(() => carol.user.conversations.size === 0);
  await ban.committed;
  await scene.until(() => atBob.state.members.length === 2);
  atBob.leave();
  await scene.until(() => bob.user.conversations.size === 0);
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
    // The two long-lived keys, and at least one epoch's key schedule.
    expect(ofOne.size).toBeGreaterThanOrEqual(10);
    expect([...ofOne].filter((secret) => everything.includes(secret))).toEqual([]);
  }
});
