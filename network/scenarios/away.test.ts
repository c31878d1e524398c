import { expect, test } from "vitest";
import { agreement } from "../driver/agreement.js";
import { changesOf } from "../driver/changes.js";
import { another, formGroup, join, without } from "../driver/group.js";
import { ban, epochStewardOf, suspendWhile } from "../driver/misfortunes.js";
import { heard, hears, MORE_THAN_RESENT, numbered, talk } from "../driver/talk.js";

test("A suspended member returns with every message after two commits, and is not voted in again", async () => {
  const four = await formGroup("alice", "bob", "carol", "dave");
  const [alice] = four;
  await talk(four, "before");
  const away = another(four, alice, await epochStewardOf(four));
  const three = without(four, away);
  await suspendWhile(away, three, async () => {
    await talk(three, "in the first epoch");
    await talk([alice], "at length", MORE_THAN_RESENT);
    const erin = await join("erin", [alice]);
    await agreement([...three, erin], 5);
    await talk([...three, erin], "in the second epoch");
    expect(await ban(alice, erin)).toBe(1);
    await agreement(three, 4);
    await talk(three, "in the third epoch");
  });
  await agreement(four, 4);
  for (const speaker of three) await hears(away, speaker, numbered("in the third epoch"));
  await talk(four, "after");

  const topics = ["before", "in the first epoch", "in the second epoch", "in the third epoch", "after"];
  const texts = topics.flatMap((topic) => numbered(topic));
  const atLength = numbered("at length", MORE_THAN_RESENT);
  for (const speaker of three)
    expect((await heard(away, speaker)).toSorted()).toEqual(
      [...texts, ...(speaker === alice ? atLength : [])].toSorted(),
    );
  expect(away.lines.filter(({ type }) => type === "missed")).toEqual([]);
  expect(await changesOf(away, alice)).toEqual(["add"]);
});
