import { platformClock } from "demls";
import { expect, test } from "vitest";
import { runDemo } from "../../packages/cli/src/demo/run-demo.js";

test("Five members in a page form a group, vote, chat, ban and leave, and end in agreement", async () => {
  const lines: string[] = [];
  const options = {
    members: 5,
    seed: "garden",
    delayMs: { min: 2, max: 15 },
    corrupt: undefined,
    verbose: true,
  };
  const agreed = await runDemo(options, (line) => void lines.push(line), platformClock);
  const story = lines.join("\n");
  expect(story).toMatch(/^All \d members agree\.$/m);
  expect(agreed).toBe(true);
  expect(story).toMatch(/ proposes to ban /);
  expect(story).toMatch(/ votes no on /);
  expect(story).toMatch(/ is out \(removed\)/);
  expect(story).toMatch(/ is out \(left\)/);
  expect(story).toMatch(/ read from \w+: \w+ was here/);
});
