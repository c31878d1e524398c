import { expect, test } from "vitest";
import { createGarden } from "../harness/chat-garden.js";

test("A message is marked once, when the first member reports to have it", async () => {
  const { create, join, until, clock } = createGarden();
  const ada = await create("ada");
  await join("bob");
  ada.type("hello");
  await until(() => ada.text.includes(" has your message."), 600_000);
  expect(ada.text).toMatch(/^✓ bob~[0-9a-f]{4} has your message\.$/m);
  await clock.advance(600_000);
  expect(ada.text.match(/has your message/g)).toHaveLength(1);
});

test("A program is told the ids that its replies have", async () => {
  const { create, join, until, request } = createGarden();
  const ada = await create("ada", "--json");
  const bob = await join("bob", "--json");
  const { result } = await request(ada, { send: "hello" });
  await until(() => ada.last("delivered") !== undefined, 600_000);
  const id = (result as { readonly messageId: string }).messageId;
  expect(ada.last("delivered")).toEqual({
    type: "delivered",
    member: bob.last("started")?.["member"],
    messages: [{ id, count: 1 }],
  });
});
