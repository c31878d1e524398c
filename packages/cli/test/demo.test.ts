import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { createVirtualClock } from "@demls/testkit";
import { describe, expect, test } from "vitest";
import { main, type Surroundings } from "../src/main.js";

const BIN = fileURLToPath(new URL("../bin/demls.js", import.meta.url));
/** Twelve members, or a process, take their time on a busy machine. */
const PATIENCE = { timeout: 30_000 };

interface Run {
  readonly status: number;
  readonly output: string;
  readonly errors: string;
}

/** Runs the command in virtual time. */
async function demls(...args: string[]): Promise<Run> {
  const clock = createVirtualClock({ wallMs: Date.UTC(2026, 10, 21) });
  const printed: string[] = [];
  const errors: string[] = [];
  let status: number | undefined;
  const surroundings: Surroundings = {
    lines: async function* () {},
    print: (line: string) => void printed.push(line),
    printError: (line: string) => void errors.push(line),
    clock,
  };
  const done = main(args, surroundings).then((result) => {
    status = result;
  });
  while (status === undefined) await clock.advanceUntil(() => status !== undefined, 1_000);
  await done;
  return { status, output: printed.join("\n"), errors: errors.join("\n") };
}

describe("the demo", PATIENCE, () => {
  test.each([3, 4, 5, 8, 12])("with %i members ends in agreement, with everything in it", async (members) => {
    const { status, output } = await demls("demo", "--members", String(members), "--seed", `play ${members}`);
    expect(output).toMatch(/^All \d+ members agree\.$/m);
    expect(status).toBe(0);

    const committed = /^Committed: (.*)$/m.exec(output)?.[1]?.split(", ") ?? [];
    expect(committed.length).toBeGreaterThanOrEqual(3);
    const founder = / (\w+) creates the conversation/.exec(output)?.[1] ?? "";
    const proposers = /^Proposed elections: (.*)$/m.exec(output)?.[1]?.split(", ") ?? [];
    expect(proposers.some((name) => name !== founder)).toBe(true);
    expect(Number(/^Most candidates in one freeze: (\d+)$/m.exec(output)?.[1])).toBeGreaterThanOrEqual(2);

    expect(output).toMatch(/ and \w+ ask to join/);
    expect(output).toMatch(/ calls for a ban of /);
    expect(output).toMatch(/ votes no on /);
    expect(output).toMatch(/ is out \(removed\)/);
    expect(output).toMatch(/ is out \(left\)/);
    expect(output).toMatch(/ read from \w+: \w+ was here/);
  });

  test.each(["a", "b", "c", "d", "e", "f"])(
    "of seed %s ends in agreement though packets overtake each other",
    async (seed) => {
      const { status } = await demls("demo", "--seed", seed, "--delay", "0-120");
      expect(status).toBe(0);
    },
  );

  test.each([1, 2, 3])(
    "ends with status 1 when member %i received a damaged winning candidate",
    async (member) => {
      const { status, output } = await demls("demo", "--corrupt", String(member), "--seed", "q");
      expect(output).toContain("did not come about within");
      expect(output).toContain("The members do not agree.");
      expect(status).toBe(1);
    },
  );

  test("has the same cast for the same seed, and another for another", async () => {
    const cast = async (seed: string): Promise<string | undefined> =>
      / joined at epoch \d+: (.*)/.exec((await demls("demo", "--members", "3", "--seed", seed)).output)?.[1];
    expect(await cast("again")).toBe(await cast("again"));
    expect(await cast("again")).not.toBe(await cast("other"));
  });
});

describe("the demls command", () => {
  test("plays the demo on real clocks as a process of its own", PATIENCE, () => {
    const { status, stdout } = spawnSync(process.execPath, [BIN, "demo", "--members", "3"], {
      ...PATIENCE,
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
  ])("refuses %j with status 2 and says why", async (args, reason) => {
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
});
