import { readFileSync, writeFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { STORE_FORMAT } from "../../src/storage/store-format.js";
import { advance, eventsOf, textsOf, until, type Person } from "../harness/index.js";
import { openStores, recordStores, type RecordedStores } from "./stores/life.js";

/** `WRITE_STORES=1` records the stores of the current format again. `tests/formats.test.ts` refuses it after a release. */
const WRITES = process.env["WRITE_STORES"] === "1";

const fileOf = (format: number): URL => new URL(`stores/format-${format}.json`, import.meta.url);

if (WRITES) writeFileSync(fileOf(STORE_FORMAT), `${JSON.stringify(await recordStores(STORE_FORMAT))}\n`);

const formats = Array.from({ length: STORE_FORMAT }, (_, index) => index + 1);

test.each(formats)("The stores of format %i are opened, and their life goes on", async (format) => {
  const stores = JSON.parse(readFileSync(fileOf(format), "utf8")) as RecordedStores;
  const { scene, people } = await openStores(stores);
  onTestFinished(() => scene.close());
  const [alice, bob, carol] = people as [Person, Person, Person];
  const garden = alice.user.conversation("garden");
  expect(garden.state).toMatchObject({ mode: "strict", phase: "working", queuedMessages: 1 });
  expect(garden.state.members.map(({ verified }) => verified)).toEqual([false, true, false]);
  expect(garden.state.openVotes.map(({ request }) => request.kind)).toEqual(["remove"]);
  expect(alice.user.conversation("orchard").state.phase).toBe("pending-join");
  await until(scene, () => garden.state.members.length === 2);
  await garden.send("on");
  await until(scene, () => textsOf(bob).includes("on"));
  expect(textsOf(bob)).toEqual(["an old message", "queued", "on"]);
  expect(textsOf(alice)).toEqual(["not taken"]);
  expect(eventsOf(carol, "leaving")).toMatchObject([{ reason: "removed" }]);

  const meadow = alice.user.conversation("meadow");
  expect(meadow.state).toMatchObject({ mode: "de-mls-3", phase: "working" });
  await bob.user.conversation("meadow").send("still here");
  await advance(scene, 1_000);
  expect(textsOf(alice)).toContain("still here");
});
