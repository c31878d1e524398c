import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { jsonMutation, mutateJson } from "../../../../hostile/json-mutation.js";
import { keeping, replaying } from "../../../../hostile/regressions.js";
import { createTries, trying } from "../../../../hostile/runs.js";
import { decodeTraceRecord, encodeTraceRecord } from "../../src/trace/index.js";
import { createScene, enter, gather } from "../harness/index.js";
import { REGRESSIONS } from "./places.js";

const LINES = 10_000;

const scene = createScene("traced");
const alice = await enter(scene, "alice");
const lines: string[] = [];
const bob = await enter(scene, "bob");
bob.user.lifecycle$.subscribe((change) => {
  if (change.kind === "created")
    change.conversation.admin.trace$.subscribe((record) => lines.push(encodeTraceRecord(record)));
});
await gather(scene, "garden", alice, bob);
/** One of each form: they differ in more than their bytes. */
const genuine = [
  ...new Map(lines.map((line) => [line.replace(/"(hex|bigint)":"\w*"|\d+/g, ""), line])).values(),
];
const tries = createTries();

afterAll(() => scene.close());

const hostileLine = fc.oneof(
  { weight: 1, arbitrary: fc.oneof(fc.string(), fc.json()) },
  {
    weight: 9,
    arbitrary: fc
      .tuple(fc.nat(0xffff), fc.array(jsonMutation, { maxLength: 3 }))
      .map(([index, mutations]) => mutateJson(genuine[index % genuine.length] ?? "", mutations)),
  },
);

test("a trace line decodes to a record that can be encoded again, or is rejected", async () => {
  expect(genuine.length).toBeGreaterThan(10);
  await fc.assert(
    fc.asyncProperty(hostileLine, async (line) => {
      tries.note("line");
      await keeping("trace line", Buffer.from(line), () => check(line));
    }),
    trying(LINES),
  );
});

function check(line: string): void {
  const decoded = decodeTraceRecord(line);
  if (!decoded.ok) return expect(["not-json", "other-version", "malformed"]).toContain(decoded.reason);
  const written = encodeTraceRecord(decoded.value);
  const again = decodeTraceRecord(written);
  expect(again.ok && encodeTraceRecord(again.value)).toBe(written);
}

test("the expected number of attempts was made", () => tries.expectAtLeast({ line: LINES }, LINES));

replaying(REGRESSIONS, { "trace line": (bytes) => check(Buffer.from(bytes).toString()) });
