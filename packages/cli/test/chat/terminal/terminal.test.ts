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
    // Streams and the line that is drawn anew each take a turn.
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

describe("a terminal", () => {
  test("keeps a line that is half typed, and its cursor, when a message comes", async () => {
    const { terminal, screen, press } = createTyped();
    await press(`half a line${LEFT}${LEFT}`);
    terminal.print({ style: "message", text: "bob: hello" });
    expect(screen.lines).toEqual(["bob: hello", "> half a line"]);
    expect(screen.cursor).toEqual({ row: 1, column: 11 });
    await press("X");
    expect(screen.lines).toEqual(["bob: hello", "> half a liXne"]);
  });

  test("keeps one that takes several rows, wherever its cursor is", async () => {
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

  test("keeps one that fills its last row to the end", async () => {
    const { terminal, screen, press } = createTyped(10, 24);
    await press("abcdefgh");
    terminal.print({ style: "message", text: "bob: hello" });
    expect(screen.lines).toEqual(["bob: hello", "> abcdefgh", ""]);
    expect(screen.cursor).toEqual({ row: 2, column: 0 });
  });

  test("counts wide characters as the two columns that they take", async () => {
    const { terminal, screen, press } = createTyped(9, 24);
    await press(`你好世界${LEFT}`);
    // The fourth would take the last column and one more.
    expect(screen.lines).toEqual(["> 你好世", "界"]);
    terminal.print({ style: "message", text: "bob: 你好 and a long line" });
    expect(screen.lines).toEqual(["bob: 你好", " and a lo", "ng line", "> 你好世", "界"]);
    expect(screen.cursor).toEqual({ row: 4, column: 0 });
  });

  test("shows the rows around the cursor of a line that is higher than the screen", async () => {
    const { terminal, screen, press } = createTyped(10, 4);
    await press("0123456789".repeat(6));
    expect(screen.lines).toEqual(["8901234567", "8901234567", "89"]);
    terminal.print({ style: "message", text: "bob: hello" });
    expect(screen.lines).toEqual(["bob: hello", "8901234567", "8901234567", "89"]);
    await press(HOME);
    expect(screen.lines).toEqual(["bob: hello", "> 01234567", "8901234567", "8901234567"]);
  });

  test("changes its prompt under a line that is being typed", async () => {
    const { terminal, screen, press } = createTyped();
    await press("half");
    terminal.prompt("garden #3? 9 s> ");
    expect(screen.lines).toEqual(["garden #3? 9 s> half"]);
    expect(screen.cursor).toEqual({ row: 0, column: 20 });
  });

  test("hands over what was typed, and takes it off the screen", async () => {
    const { terminal, screen, press } = createTyped();
    const lines = terminal.lines[Symbol.asyncIterator]();
    await press("hello\rwor");
    expect(await lines.next()).toEqual({ done: false, value: "hello" });
    expect(screen.lines).toEqual(["> wor"]);
    await press("ld\r");
    expect(await lines.next()).toEqual({ done: false, value: "world" });
  });

  test("obeys nothing in a message, nor in what is pasted", async () => {
    const { terminal, screen, press } = createTyped();
    await press("tab\there");
    terminal.print({ style: "message", text: "bob: \u001b[2A\u001b[Jgone\r\nfake: line\u0007" });
    expect(screen.lines).toEqual(["bob: \ufffd[2A\ufffd[Jgone ↵ fake: line\ufffd", "> tab here"]);
  });

  test("tells of the interrupt key each time, and goes on", async () => {
    const { terminal, screen, press } = createTyped();
    let interrupts = 0;
    terminal.onInterrupt(() => interrupts++);
    await press("half\u0003");
    await press("\u0003");
    expect(interrupts).toBe(2);
    expect(screen.lines).toEqual(["> half"]);
  });

  test("ends its lines at the end of input, and takes the prompt away when it is closed", async () => {
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
