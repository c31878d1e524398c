import { expect, test } from "vitest";
import { expectReturn } from "../driver/absence.js";
import { agreement } from "../driver/agreement.js";
import { addressOf, create, formGroup, join } from "../driver/group.js";
import { kill } from "../driver/misfortunes.js";
import { hears, talk } from "../driver/talk.js";

test("A member killed for 5 minutes returns by its command with every message after two commits, and is not voted in again", () =>
  expectReturn(5, async (chat, others, meanwhile) => {
    await kill(chat);
    await meanwhile();
    return join(chat.name, others);
  }));

test("Each of two members goes on by its command after it was killed, at the same address and in the same group", async () => {
  const [alice, bob] = await formGroup("alice", "bob");
  const { epochAuthenticator } = await agreement([alice, bob], 2);
  await kill(bob);
  const bobAgain = await join("bob", [alice]);
  await talk([alice, bobAgain], "after bob's death");

  const address = await addressOf(alice);
  await kill(alice);
  await bobAgain.say("while alice is dead");
  const aliceAgain = await create("alice");
  expect(await aliceAgain.line("started")).toMatchObject({ created: false, resumed: true });
  expect(await addressOf(aliceAgain)).toBe(address);
  // Bob dials her address on.
  await hears(aliceAgain, bobAgain, ["while alice is dead"]);
  await talk([aliceAgain, bobAgain], "after alice's death");
  expect(await agreement([aliceAgain, bobAgain], 2)).toMatchObject({ epochAuthenticator });
});
