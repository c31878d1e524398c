import { expect, test } from "vitest";
import { agreement } from "../driver/agreement.js";
import { formGroup, join } from "../driver/group.js";
import { kill } from "../driver/misfortunes.js";
import { heard, numbered, talk } from "../driver/talk.js";

test("Members that have dialled only a third one find each other after a restart of all but that one", async () => {
  const [hub, bob, carol] = await formGroup("alice", "bob", "carol");
  await talk([bob, carol], "before");
  for (const chat of [bob, carol, hub]) await kill(chat);

  const again = [await join("bob", [hub]), await join("carol", [hub])] as const;
  await agreement(again, 3);
  await talk(again, "after");
  const [bobAgain, carolAgain] = again;
  // Messages from before the kill may be told again.
  expect(await heard(bobAgain, carolAgain)).toEqual(expect.arrayContaining([...numbered("after")]));
});
