import { expect, test } from "vitest";
import { createGarden, type ChatGarden } from "./harness/chat-garden.js";
import type { ChatUser } from "./harness/chat-user.js";

const SIGINT = 2;

async function interrupt({ until }: ChatGarden, user: ChatUser): Promise<void> {
  user.signal(SIGINT);
  await until(() => user.status !== undefined);
}

test("What could not be kept is not shown as said, and the chat stops, names the cause and goes on later", async () => {
  const garden = createGarden();
  const ada = await garden.create("ada");
  const bob = await garden.join("bob");
  await garden.clock.advance(60_000);
  garden.filesOf("ada").isFull = true;
  ada.type("the first");
  await garden.until(() => ada.status !== undefined);
  expect(ada.status).toBe(1);
  expect(ada.text).toContain("No space left on device");
  expect(ada.text).toContain("Not sent: the first");
  expect(ada.text).toContain("You stay in garden: the same command goes on.");
  expect(ada.text).not.toContain("you: the first");
  await garden.clock.advance(60_000);
  expect(bob.text).not.toContain("the first");
  garden.filesOf("ada").isFull = false;
  const again = garden.run("ada");
  again.type("the second");
  await garden.until(() => bob.text.includes("the second"));
  expect(again.text).toMatch(/^00:0\d you: the second$/m);
  expect(again.text).not.toContain("the first");
});

test("What waits after a start is shown as waiting, and as said once it is sent, also after another start", async () => {
  const garden = createGarden();
  const ada = await garden.create("ada");
  const bob = await garden.join("bob");
  await garden.clock.advance(60_000);
  await interrupt(garden, ada);
  await interrupt(garden, bob);
  const alone = garden.run("bob");
  alone.type("are you there?");
  await garden.until(() => alone.text.includes("Waits until another member answers: are you there?"));
  await garden.clock.advance(60_000);
  expect(alone.text).not.toContain("you: are you there?");
  await interrupt(garden, alone);
  const again = garden.run("bob");
  await garden.until(() =>
    again.text.includes("Not sent yet: 1 message of before. Another member has to answer first."),
  );
  await garden.clock.advance(60_000);
  expect(again.text).not.toContain("are you there?");
  const adaAgain = garden.run("ada");
  await garden.until(() => adaAgain.text.includes("are you there?"));
  expect(again.text.match(/you: are you there\?/g)).toHaveLength(1);
});

test("What is sent at once is shown once, and never as waiting", async () => {
  const garden = createGarden();
  const ada = await garden.create("ada");
  ada.type("hello");
  await garden.until(() => ada.text.includes("you: hello"));
  await garden.clock.advance(60_000);
  expect(ada.text.match(/hello/g)).toHaveLength(1);
});
