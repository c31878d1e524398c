import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { agreement } from "../driver/agreement.js";
import { changesOf } from "../driver/changes.js";
import { minutesMs } from "../driver/durations.js";
import { formGroup, join, without } from "../driver/group.js";
import { kill, offlineWhile } from "../driver/misfortunes.js";
import { heard, hears, numbered, talk } from "../driver/talk.js";

test("A member offline for 5 minutes returns to the others after a commit, though the only member that all have dialled was killed", async () => {
  const [hub, bob, carol, dave] = await formGroup("alice", "bob", "carol", "dave");
  await talk([hub, bob, carol, dave], "before");
  const erin = await offlineWhile(dave, async () => {
    const over = setTimeout(minutesMs(5));
    await kill(hub);
    await talk([bob, carol], "without a hub");
    const joiner = await join("erin", [bob]);
    // The killed chat is still a member.
    await agreement([bob, carol, joiner], 5);
    await over;
    await talk([bob, carol, joiner], "after the commit");
    return joiner;
  });
  const four = [bob, carol, dave, erin];
  await agreement(four, 5);
  for (const speaker of without(four, dave)) await hears(dave, speaker, numbered("after the commit"));
  await talk(four, "after");

  const ofErin = ["after the commit", "after"].flatMap((topic) => numbered(topic));
  const ofMembers = [...["before", "without a hub"].flatMap((topic) => numbered(topic)), ...ofErin];
  expect((await heard(dave, erin)).toSorted()).toEqual(ofErin.toSorted());
  for (const speaker of [bob, carol])
    expect((await heard(dave, speaker)).toSorted()).toEqual(ofMembers.toSorted());
  expect(dave.lines.filter(({ type }) => type === "missed" || type === "error")).toEqual([]);
  expect(await changesOf(dave, bob)).toEqual(["add"]);
});
