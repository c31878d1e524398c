import { PassThrough } from "node:stream";
import { createVirtualClock } from "@demls/testkit";
import type { MemberId } from "demls";
import { NEVER } from "rxjs";
import { describe, expect, test } from "vitest";
import type { Room } from "../../../src/chat/room/room.js";
import { createPlainScreen } from "../../../src/chat/terminal/screen.js";
import { createTextView } from "../../../src/chat/view/text/text-view.js";
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
  const ada: ChatUser = runChatUser(
    "ada",
    ["--create", "--ephemeral", "--open", "--set", "deliberationMs=10000"],
    {
      clock,
      network,
      terminal,
    },
  );
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

test("A message that the beginning has shown is not shown again by its event, unlike one of another sender", () => {
  const printed: string[] = [];
  const sender = "a".repeat(40) as MemberId;
  const names = { nameOf: (member: MemberId) => member.slice(0, 4) };
  const conversation = { name: "garden", state$: NEVER };
  const clock = createVirtualClock();
  const view = createTextView(
    createPlainScreen((async function* () {})(), (line) => printed.push(line)),
    {
      joinOptions: { command: "demls chat", framing: "plain" },
      isVerbose: false,
      timeOf: () => "00:00",
    },
    clock,
  );
  view.open({ conversation, names, clock } as unknown as Room);
  const message = {
    ...{ id: "7", sender, claimedName: undefined, verified: false, content: new Uint8Array(), text: "hello" },
    ...{ epoch: 1n, sentAtMs: 0, receivedAtMs: 0, position: "0".repeat(16), isOwn: false },
  };
  view.show({ kind: "history", messages: [message] });
  view.show({ kind: "event", event: { kind: "message", ...message } });
  view.show({ kind: "event", event: { kind: "message", ...message, sender: "b".repeat(40) as MemberId } });
  expect(printed).toEqual(["The last message:", "00:00 aaaa: hello", "00:00 bbbb: hello"]);
});
