import { expect, test } from "vitest";
import { agreement } from "../driver/agreement.js";
import { changesOf } from "../driver/changes.js";
import { formGroup, join } from "../driver/group.js";
import { suspendWhile } from "../driver/misfortunes.js";
import { heard, hears, MORE_THAN_RESENT, numbered, talk } from "../driver/talk.js";

test("A suspended member that all others have dialled returns with every message after a commit without it", async () => {
  const three = await formGroup("alice", "bob", "carol");
  const [hub, bob, carol] = three;
  const dave = await suspendWhile(hub, [bob, carol], async () => {
    await talk([bob, carol], "before the commit");
    await talk([bob], "at length", MORE_THAN_RESENT);
    const joiner = await join("dave", [bob]);
    await agreement([bob, carol, joiner], 4);
    await talk([bob, carol, joiner], "after the commit");
    return joiner;
  });
  const four = [...three, dave];
  await agreement(four, 4);
  for (const speaker of [bob, carol, dave]) await hears(hub, speaker, numbered("after the commit"));
  await talk(four, "together");

  const ofDave = ["after the commit", "together"].flatMap((topic) => numbered(topic));
  const ofCarol = [...numbered("before the commit"), ...ofDave];
  const ofBob = [...numbered("at length", MORE_THAN_RESENT), ...ofCarol];
  expect((await heard(hub, dave)).toSorted()).toEqual(ofDave.toSorted());
  expect((await heard(hub, carol)).toSorted()).toEqual(ofCarol.toSorted());
  expect((await heard(hub, bob)).toSorted()).toEqual(ofBob.toSorted());
  expect(hub.lines.filter(({ type }) => type === "missed")).toEqual([]);
  expect(await changesOf(hub, bob)).toEqual([]);
});
