import { PassThrough } from "node:stream";
import { afterEach, describe, expect, test } from "vitest";
import type { Screen } from "../../../src/chat/terminal/screen.js";
import { createTerminal } from "../../../src/chat/terminal/terminal.js";
import { createVirtualScreen, type VirtualScreen } from "../harness/virtual-screen.js";

const open: Screen[] = [];

interface Typed {
  readonly terminal: Screen;
  readonly screen: VirtualScreen;
  /** Presses keys. */
  press(keys: string): Promise<void>;
}

function createTyped(columns = 40, rows = 24): Typed {
  const input = new PassThrough();
  const screen = createVirtualScreen(columns, rows);
  const terminal = createTerminal({ input, output: screen, colour: false });
  open.push(terminal);
  async function press(keys: string): Promise<void> {
    input.write(keys);
    // The stream and the redraw each take one turn of the event loop.
    await new Promise(setImmediate);
    await new Promise(setImmediate);
  }
  return { terminal, screen, press };
}

afterEach(() => {
  for (const terminal of open.splice(0)) terminal.close();
});

const LEFT = "\u001b[D";
const HOME = "\u0001";

describe("A terminal", () => {
  test("keeps a partially typed line and its cursor when a message arrives", async () => {
    const { terminal, screen, press } = createTyped();
    await press(`half a line${LEFT}${LEFT}`);
    terminal.print({ style: "message", text: "bob: hello" });
    expect(screen.lines).toEqual(["bob: hello", "> half a line"]);
    expect(screen.cursor).toEqual({ row: 1, column: 11 });
    await press("X");
    expect(screen.lines).toEqual(["bob: hello", "> half a liXne"]);
  });

  test("keeps a typed line of several rows, at any cursor position", async () => {
    const { terminal, screen, press } = createTyped(10, 24);
    await press("abcdefghijklmnopqrstuvwxyz");
    const rows = ["> abcdefgh", "ijklmnopqr", "stuvwxyz"];
    expect(screen.lines).toEqual(rows);
    terminal.print({ style: "message", text: "one" });
    expect(screen.lines).toEqual(["one", ...rows]);
    await press(HOME);
    terminal.print({ style: "message", text: "two" });
    expect(screen.lines).toEqual(["one", "two", ...rows]);
    expect(screen.cursor).toEqual({ row: 2, column: 2 });
  });

  test("keeps a typed line that fills its last row", async () => {
    const { terminal, screen, press } = createTyped(10, 24);
    await press("abcdefgh");
    terminal.print({ style: "message", text: "bob: hello" });
    expect(screen.lines).toEqual(["bob: hello", "> abcdefgh", ""]);
    expect(screen.cursor).toEqual({ row: 2, column: 0 });
  });

  test("counts wide characters as two columns", async () => {
    const { terminal, screen, press } = createTyped(9, 24);
    await press(`你好世界${LEFT}`);
    // The fourth character does not fit into the last column.
    expect(screen.lines).toEqual(["> 你好世", "界"]);
    terminal.print({ style: "message", text: "bob: 你好 and a long line" });
    expect(screen.lines).toEqual(["bob: 你好", " and a lo", "ng line", "> 你好世", "界"]);
    expect(screen.cursor).toEqual({ row: 4, column: 0 });
  });

  test("shows the rows around the cursor of a typed line with more rows than the screen", async () => {
    const { terminal, screen, press } = createTyped(10, 4);
    await press("0123456789".repeat(6));
    expect(screen.lines).toEqual(["8901234567", "8901234567", "89"]);
    terminal.print({ style: "message", text: "bob: hello" });
    expect(screen.lines).toEqual(["bob: hello", "8901234567", "8901234567", "89"]);
    await press(HOME);
    expect(screen.lines).toEqual(["bob: hello", "> 01234567", "8901234567", "8901234567"]);
  });

  test("changes its prompt and keeps the partially typed line", async () => {
    const { terminal, screen, press } = createTyped();
    await press("half");
    terminal.prompt("garden #3? 9 s> ");
    expect(screen.lines).toEqual(["garden #3? 9 s> half"]);
    expect(screen.cursor).toEqual({ row: 0, column: 20 });
  });

  test("yields a submitted line, and erases it from the screen", async () => {
    const { terminal, screen, press } = createTyped();
    const lines = terminal.lines[Symbol.asyncIterator]();
    await press("hello\rwor");
    expect(await lines.next()).toEqual({ done: false, value: "hello" });
    expect(screen.lines).toEqual(["> wor"]);
    await press("ld\r");
    expect(await lines.next()).toEqual({ done: false, value: "world" });
  });

  test("neutralises control characters in messages and pasted text", async () => {
    const { terminal, screen, press } = createTyped();
    await press("tab\there");
    terminal.print({ style: "message", text: "bob: \u001b[2A\u001b[Jgone\r\nfake: line\u0007" });
    expect(screen.lines).toEqual(["bob: \ufffd[2A\ufffd[Jgone ↵ fake: line\ufffd", "> tab here"]);
  });

  test("reports each press of the interrupt key, and continues", async () => {
    const { terminal, screen, press } = createTyped();
    let interrupts = 0;
    terminal.onInterrupt(() => interrupts++);
    await press("half\u0003");
    await press("\u0003");
    expect(interrupts).toBe(2);
    expect(screen.lines).toEqual(["> half"]);
  });

  test("ends its lines at the end of the input, and erases the prompt when closed", async () => {
    const { terminal, screen, press } = createTyped();
    const lines = terminal.lines[Symbol.asyncIterator]();
    terminal.print({ style: "message", text: "bob: hello" });
    await press("\u0004");
    expect((await lines.next()).done).toBe(true);
    terminal.close();
    expect(screen.lines).toEqual(["bob: hello", ""]);
    terminal.print({ style: "message", text: "too late" });
    expect(screen.lines).toEqual(["bob: hello", ""]);
  });
});
