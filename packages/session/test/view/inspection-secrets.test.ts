import { createSeededRandom } from "@demls/testkit";
import { bytesToHex, utf8ToBytes } from "@demls/wire/core";
import { first } from "rxjs";
import { describe, expect, test } from "vitest";
import { encodeTraceRecord } from "../../src/trace/index.js";
import {
  SECRET_BYTES,
  gather,
  noteSecrets,
  openScene,
  secretsIn,
  until,
  type Person,
} from "../harness/index.js";

/** Records all traces of a user, and an inspection of the conversation after every change. */
function listen({ user }: Person, text: string[]): void {
  user.lifecycle$.subscribe((change) => {
    if (change.kind !== "created") return;
    const { conversation } = change;
    conversation.admin.trace$.subscribe((record) => text.push(encodeTraceRecord(record)));
    conversation.state$.subscribe(() => text.push(JSON.stringify(conversation.admin.inspect())));
  });
}

const SAYINGS = ["said in the open group, to all three", "said while the group froze"] as const;

test("Neither the inspection nor the trace of any member reveals a secret of a whole life", async () => {
  const { scene, alice, bob, carol } = await openScene("observed", "alice", "bob", "carol");
  const people = [alice, bob, carol];
  const secrets = people.map(noteSecrets);
  const text: string[] = [];
  for (const person of people) listen(person, text);

  const [atAlice, atBob] = await gather(scene, "garden", alice, bob, carol);
  await atAlice.send(SAYINGS[0]);
  atBob.events$
    .pipe(first((event) => event.kind === "phaseChanged" && event.phase === "freezing"))
    .subscribe(() => void atBob.send(SAYINGS[1]));
  void atAlice.proposeRemove(carol.id);
  await until(scene, () => carol.user.conversations.size === 0);
  await until(scene, () => atBob.state.members.length === 2 && atBob.state.stewards?.exhausted === false);
  atBob.leave();
  await until(scene, () => bob.user.conversations.size === 0);
  await scene.close();

  const everything = text.join("\n");
  for (const told of ['"welcome"', '"electStewards"', '"commit-merged"', '"removed"', '"left"']) {
    expect(everything).toContain(told);
  }
  // The key schedule, ratchets and private path of every epoch, and the used keys of each message.
  for (const ofOne of secrets) expect(ofOne.size).toBeGreaterThan(30);
  const all = [...secrets.flatMap((ofOne) => [...ofOne]), ...SAYINGS.map(hexOf)];
  expect(secretsIn(everything, all)).toEqual([]);
  for (const saying of SAYINGS) expect(everything).not.toContain(saying);
});

function hexOf(text: string): string {
  return bytesToHex(utf8ToBytes(text));
}

describe("the search for secrets", () => {
  const random = createSeededRandom("haystack");
  const secret = random.bytes(SECRET_BYTES);
  const hex = bytesToHex(secret);
  const around = (before: number): Buffer => Buffer.concat([random.bytes(before), secret, random.bytes(5)]);

  test.each([
    ["hex", `x${hex}y`],
    ["upper-case hex", hex.toUpperCase()],
    ["a JSON list", JSON.stringify([1, ...secret, 2])],
    ["a list", [...secret].join(", ")],
    ...[0, 1, 2, 3].map((before) => [`base64 after ${before} bytes`, around(before).toString("base64")]),
    ...[0, 1, 2].map((before) => [`base64url after ${before} bytes`, around(before).toString("base64url")]),
  ])("finds them as %s", (_form, text) => {
    expect(secretsIn(text, [hex])).toEqual([hex]);
  });

  test("finds none if there is none", () => {
    expect(secretsIn(bytesToHex(random.bytes(10_000)), [hex])).toEqual([]);
  });
});
