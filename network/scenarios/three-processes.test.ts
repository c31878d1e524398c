import { expect, test } from "vitest";
import { agreement } from "../driver/agreement.js";
import type { ChatProcess } from "../driver/chat-process.js";
import { another, formGroup, join, without } from "../driver/group.js";
import { ban, cutOff, killEpochSteward } from "../driver/misfortunes.js";
import { heard, hears, numbered, talk } from "../driver/talk.js";

test("Three members ban one, add others after the epoch steward's death, and receive all messages after a disconnect", async () => {
  const [alice, bob, carol] = await formGroup("alice", "bob", "carol");
  await talk([alice, bob, carol], "hello", 20);

  expect(await ban(alice, carol)).toBe(1);
  await talk([alice, bob], "without carol");
  for (const speaker of [alice, bob]) expect(await heard(carol, speaker)).toEqual(numbered("hello", 20));

  const dave = await join("dave", [alice]);
  const three = [alice, bob, dave];
  await agreement(three, 3);
  const newcomers: ChatProcess[] = [];
  const dead = await killEpochSteward(three, async (others) => {
    newcomers.push(await join("erin", others));
  });
  const living = [...newcomers, ...without(three, dead)];
  // The killed chat is still a member.
  await agreement(living, 4);

  const away = another(living);
  const others = without(living, away);
  await cutOff(away);
  await talk(others, "while one is away");
  await away.command("/online");
  for (const speaker of others) await hears(away, speaker, numbered("while one is away"));
  await agreement(living, 4);
  await talk(living, "at the end");

  const texts = ["while one is away", "at the end"].flatMap((topic) => numbered(topic));
  for (const listener of living)
    for (const speaker of without(others, listener))
      expect((await heard(listener, speaker)).slice(-texts.length)).toEqual(texts);
});
