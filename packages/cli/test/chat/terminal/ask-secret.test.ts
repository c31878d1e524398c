import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { askSecret } from "../../../src/chat/terminal/ask-secret.js";
import { createVirtualScreen } from "../harness/virtual-screen.js";

function ask() {
  const input = new PassThrough();
  const screen = createVirtualScreen(40);
  const answer = askSecret({ input, output: screen, colour: false }, "Passphrase: ");
  return { answer, screen, press: (keys: string) => void input.write(keys) };
}

test("A secret is read up to the end of its line, and not shown", async () => {
  const { answer, screen, press } = ask();
  press("tulip\u007fp rose\r");
  expect(await answer).toBe("tulip rose");
  expect(screen.lines).toEqual(["Passphrase:", ""]);
});

test.each([
  ["the interrupt key", "tul\u0003"],
  ["the end of the input", "\u0004"],
])("A secret is declined by %s", async (_what, keys) => {
  const { answer, press } = ask();
  press(keys);
  expect(await answer).toBeUndefined();
});
