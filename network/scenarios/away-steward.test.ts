import { expect, test } from "vitest";
import { agreement } from "../driver/agreement.js";
import { changesOf } from "../driver/changes.js";
import { another, formGroup, join, without } from "../driver/group.js";
import { epochStewardOf, suspendWhile } from "../driver/misfortunes.js";
import { hears, numbered, talk } from "../driver/talk.js";

test("A joiner is let in while the epoch steward is suspended, and the steward follows when it returns", async () => {
  const three = await formGroup("alice", "bob", "carol");
  const steward = await epochStewardOf(three);
  const others = without(three, steward);
  const witness = another(others);
  const changes = await changesOf(steward, witness);
  const dave = await suspendWhile(steward, others, async () => {
    const joiner = await join("dave", others);
    await agreement([...others, joiner], 4);
    await talk([...others, joiner], "without the steward");
    return joiner;
  });

  const four = [...three, dave];
  await agreement(four, 4);
  for (const speaker of [...others, dave]) await hears(steward, speaker, numbered("without the steward"));
  await talk(four, "together");
  expect(await changesOf(steward, witness)).toEqual(changes);
});
