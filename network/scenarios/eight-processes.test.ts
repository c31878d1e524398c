import { expect, test } from "vitest";
import { agreement } from "../driver/agreement.js";
import { another, formGroup, without } from "../driver/group.js";
import { ban, cutOff, epochStewardOf, kill, killEpochSteward } from "../driver/misfortunes.js";
import { heard, numbered, talk } from "../driver/talk.js";

test("Eight members agree after bans, two killed members and a disconnect", async () => {
  const eight = await formGroup("alice", "bob", "carol", "dave", "erin", "frank", "grace", "henry");
  const [alice, bob] = eight;
  await talk(eight, "hello");

  const banned = another(eight, alice, bob);
  expect(await ban(bob, banned)).toBe(1);
  const seven = without(eight, banned);
  await talk(seven, "without one");
  for (const speaker of seven) expect(await heard(banned, speaker)).toEqual(numbered("hello"));
  await agreement(seven, 7);

  const steward = await epochStewardOf(seven);
  const target = another(seven, alice, steward);
  const voter = another(seven, alice, steward, target);
  await killEpochSteward(seven, async () => void ban(voter, target));
  expect(await target.exited).toBe(1);
  await agreement(without(seven, steward, target), 6);

  // The others have dialled only this one; peer exchange has connected them to each other.
  await kill(alice);
  const living = without(seven, steward, target, alice);
  const away = another(living);
  await cutOff(away);
  await talk(without(living, away), "while one is away");
  await away.command("/online");
  await agreement(living, 6);
  await talk(living, "at the end");

  const texts = ["hello", "without one", "while one is away", "at the end"].flatMap((topic) =>
    numbered(topic),
  );
  // A member that returns may receive what it missed after later messages.
  for (const listener of living)
    for (const speaker of without(living, listener, away))
      expect((await heard(listener, speaker)).toSorted()).toEqual(texts.toSorted());
});
