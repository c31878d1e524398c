import { expect, test } from "vitest";
import { agreement } from "../driver/agreement.js";
import { formGroup, joinBy, memberOf } from "../driver/group.js";
import { kill } from "../driver/misfortunes.js";
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

test("A guest joins by the line of an inviter that is gone: it dials another member, and others answer", async () => {
  const [alice, bob, carol] = await formGroup("alice", "bob", "carol");
  const { line } = await bob.command<{ readonly line: string }>("/invite");
  const inviter = await memberOf(bob);
  await kill(bob);
  const dave = await joinBy("dave", line);
  await dave.line("joining", ({ stage }) => stage === "ready");
  const partners = dave.lines.flatMap(({ type, partner }) =>
    type === "joining" && partner !== undefined ? [partner] : [],
  );
  expect(await Promise.all([alice, carol].map(memberOf))).toContain(partners[0]);
  expect(partners).not.toContain(inviter);
  // The killed chat is still a member.
  await agreement([alice, carol, dave], 4);
  await talk([alice, carol, dave], "with dave");
});
