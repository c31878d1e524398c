import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { main } from "../src/main.js";
import { demls } from "./run-demls.js";

const BIN = fileURLToPath(new URL("../bin/demls.js", import.meta.url));
/** A process starts slowly on a busy machine. */
/** Time in ms after which a process that hangs is killed. */
const PATIENCE_MS = 100_000;

describe("The demls command", () => {
  test("runs the demo on real clocks in its own process", () => {
    const { status, stdout } = spawnSync(process.execPath, [BIN, "demo", "--members", "3"], {
      timeout: PATIENCE_MS,
      encoding: "utf8",
    });
    expect(stdout).toContain("members agree.");
    expect(status).toBe(0);
  });

  test.each([
    [["demo", "--members", "2"], "--members takes a whole number from 3 to 12"],
    [["demo", "--members", "13"], "--members takes a whole number from 3 to 12"],
    [["demo", "--members", "5.5"], "--members takes a whole number from 3 to 12"],
    [["demo", "--delay", "9-1"], "--delay takes MIN-MAX"],
    [["demo", "--delay", "fast"], "--delay takes MIN-MAX"],
    [["demo", "--members", "-3"], '--members takes a whole number from 3 to 12, not "-3"'],
    [["demo", "--members="], "--members takes a whole number from 3 to 12"],
    [["demo", "--members"], "--members needs a value."],
    [["demo", "--members", "--seed", "tea"], "--members needs a value."],
    [["demo", "--seed="], "--seed takes at least one character."],
    [["demo", "--delay", "-5"], "--delay takes MIN-MAX"],
    [["demo", "--corrupt", "6"], "--corrupt takes a whole number from 1 to 5"],
    [["demo", "--corrupt", "0"], "--corrupt takes a whole number from 1 to 5"],
    [["demo", "--volume", "11"], "Unknown option '--volume'"],
    [["dance"], 'There is no command "dance".'],
    [[], "No command was given."],
  ])("rejects %j with status 2 and the reason", async (args, reason) => {
    const { status, errors } = await demls(...args);
    expect(errors).toContain(reason);
    expect(errors).toContain("demls --help");
    expect(status).toBe(2);
  });

  test.each([["--help"], ["-h"], ["demo", "--help"], ["demo", "-h"], ["demo", "--members", "4", "-h"]])(
    "prints its usage on request: %s %s %s %s",
    async (...args) => {
      const { status, output } = await demls(...args.filter((arg) => arg !== undefined));
      expect(output).toContain("--members N");
      expect(status).toBe(0);
    },
  );

  test("prints no control character of its arguments", async () => {
    const { errors } = await demls("demo", "--\u001b[2J");
    expect(errors).toContain("Unknown option '--�[2J'");
  });

  test("has no peer command by default, and omits it from the help", async () => {
    expect(await demls("peer")).toMatchObject({
      status: 2,
      errors: expect.stringContaining('There is no command "peer".'),
    });
    expect((await demls("--help")).output).not.toContain("peer  ");
  });

  test("runs additional commands, with their own help, but never overrides its own", async () => {
    const ran: (readonly string[])[] = [];
    const note = (args: readonly string[]): Promise<number> => Promise.resolve(ran.push(args));
    const given = { commands: { sing: note, demo: note }, print: () => undefined };
    expect(await main(["sing", "--help"], given)).toBe(1);
    expect(await main(["sing", "again"], given)).toBe(2);
    expect(await main(["demo", "--help"], given)).toBe(0);
    expect(ran).toEqual([["--help"], ["again"]]);
  });

  test.each(["toString", "__proto__", "constructor"])("rejects the inherited property %s", async (name) => {
    expect((await demls(name)).status).toBe(2);
  });
});
