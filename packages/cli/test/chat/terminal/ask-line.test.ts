import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { askLine, askSecret } from "../../../src/chat/terminal/ask-line.js";
import { createVirtualScreen } from "../harness/virtual-screen.js";

function ask(askFor = askSecret) {
  const input = new PassThrough();
  const screen = createVirtualScreen(40);
  const answer = askFor({ input, output: screen, colour: false }, "Passphrase: ");
  return { answer, screen, press: (keys: string) => void input.write(keys) };
}

test("A secret is read up to the end of its line, and not shown", async () => {
  const { answer, screen, press } = ask();
  press("tulip\u007fp rose\r");
  expect(await answer).toBe("tulip rose");
  expect(screen.lines).toEqual(["Passphrase:", ""]);
});

test("A line is shown once it is complete", async () => {
  const { answer, screen, press } = ask(askLine);
  press("yes\r");
  expect(await answer).toBe("yes");
  expect(screen.lines).toEqual(["Passphrase: yes", ""]);
});

test.each([
  ["the interrupt key", "tul\u0003"],
  ["the end of the input", "\u0004"],
])("A secret is declined by %s", async (_what, keys) => {
  const { answer, press } = ask();
  press(keys);
  expect(await answer).toBeUndefined();
});
