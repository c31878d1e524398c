import { PassThrough } from "node:stream";
import { createVirtualClock } from "@demls/testkit";
import { describe, expect, test } from "vitest";
import { createChatNetwork } from "../harness/chat-network.js";
import { runChatUser, type ChatUser } from "../harness/chat-user.js";
import { createVirtualScreen, type VirtualScreen } from "../harness/virtual-screen.js";

/** Real cryptography is slow on a busy machine. */
const CTRL_C = "\u0003";
const CTRL_U = "\u0015";

async function createTerminalChat() {
  const clock = createVirtualClock();
  const network = createChatNetwork();
  const input = new PassThrough();
  const screen: VirtualScreen = createVirtualScreen(100, 60);
  const terminal = { input, output: screen, colour: true };
  const ada: ChatUser = runChatUser("ada", ["--create", "--ephemeral"], { clock, network, terminal });
  const until = (condition: () => boolean): Promise<boolean> => clock.advanceUntil(condition, 300_000);
  const shown = (): string => screen.lines.join("\n");
  await until(() => shown().includes("You created garden"));
  async function press(keys: string): Promise<void> {
    input.write(keys);
    await new Promise(setImmediate);
    await clock.advance(0);
  }
  const join = (name: string): ChatUser => runChatUser(name, ["--dial", "/memory/ada"], { clock, network });
  return { ada, screen, shown, until, press, join, clock };
}

describe("A chat on a terminal", () => {
  test("counts down to a default vote in the prompt, and keeps the typed line", async () => {
    const { screen, shown, until, press, join, clock } = await createTerminalChat();
    await press("half a line");
    expect(screen.lines.at(-1)).toBe("garden> half a line");
    join("bob");
    await until(() => shown().includes(" asks to join."));
    const [, number = ""] = /\/vote (\d{4}) yes/.exec(shown()) ?? [];
    expect(screen.lines.at(-1)).toBe(`garden #${number}? 10 s> half a line`);
    await clock.advance(3_000);
    expect(screen.lines.at(-1)).toBe(`garden #${number}? 7 s> half a line`);
    await press(`${CTRL_U}/vote ${number} no\r`);
    await until(() => /^#\d{4} \(let [0-9a-f]{4} in\) is decided: no\.$/m.test(shown()));
    expect(shown()).toContain(`\n> /vote ${number} no\n`);
    expect(screen.lines.at(-1)).toBe("garden>");
  });

  test("ends at the interrupt key, and erases the prompt", async () => {
    const { ada, screen, until, press } = await createTerminalChat();
    await press(`half a line${CTRL_C}`);
    await until(() => ada.status !== undefined);
    expect(ada.status).toBe(0);
    expect(screen.lines.slice(-2)).toEqual(["You have left garden.", ""]);
  });
});
