import { expect, test } from "vitest";
import { createGarden } from "./harness/chat-garden.js";

test.each([2_000, 16_000, 40_000])(
  "A member that comes back %d ms after a joiner has asked reads its name",
  async (laterMs) => {
    const { clock, create, join, run, until } = createGarden({ deliberates: true });
    await create("ada");
    const bob = await join("bob");
    await join("carol");
    await clock.advance(60_000);
    bob.type("/quit");
    await until(() => bob.status !== undefined);
    await clock.advance(10_000);
    run("dave", "--dial", "/memory/ada");
    await clock.advance(laterMs);
    const again = run("bob");
    await until(() => /dave~[0-9a-f]{4} is in/.test(again.text));
    expect(again.text).toMatch(/#\d{4} \(let dave~[0-9a-f]{4} in\)/);
    expect(again.text).not.toMatch(/let [0-9a-f]{4} in|: [0-9a-f]{4} asks/);
  },
);
