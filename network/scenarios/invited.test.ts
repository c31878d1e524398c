import { expect, test } from "vitest";
import { agreement } from "../driver/agreement.js";
import { formGroup, joinBy } from "../driver/group.js";
import { talk } from "../driver/talk.js";

test("A guest joins by an invitation alone, and is told by the members how far it is", async () => {
  const [alice, bob] = await formGroup("alice", "bob");
  const { line } = await bob.command<{ readonly line: string }>("/invite");
  const carol = await joinBy("carol", line);
  const ready = await carol.line("joining", ({ stage }) => stage === "ready");
  const stages = carol.lines.flatMap(({ type, stage }) => (type === "joining" ? [stage] : []));
  expect(stages).toContain("asking");
  const answer = carol.lines.find(({ type, partner }) => type === "joining" && partner !== undefined);
  const members = await Promise.all([alice, bob].map(async (chat) => (await chat.line("started"))["member"]));
  expect(members).toContain(answer?.["partner"]);
  expect(ready["elapsedMs"]).toBeGreaterThan(0);
  await agreement([alice, bob, carol], 3);
  await talk([alice, bob, carol], "with carol");
});
