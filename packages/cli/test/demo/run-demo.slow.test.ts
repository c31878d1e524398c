import { describe, expect, test } from "vitest";
import { demls } from "../run-demls.js";

/** Twelve members take their time on a busy machine. */
const PATIENCE = { timeout: 30_000 };

describe("the demo", PATIENCE, () => {
  test.each([3, 4, 5, 8, 12])("with %i members ends in agreement, with everything in it", async (members) => {
    const { status, output } = await demls(
      ...["demo", "--members", String(members), "--seed", `play ${members}`, "--verbose"],
    );
    expect(output).toMatch(/^All \d+ members agree\.$/m);
    expect(status).toBe(0);

    const committed = /^Committed: (.*)$/m.exec(output)?.[1]?.split(", ") ?? [];
    expect(committed.length).toBeGreaterThanOrEqual(3);
    const founder = / (\w+) founds the group/.exec(output)?.[1]?.toLowerCase() ?? "";
    const proposers = /^Proposed elections: (.*)$/m.exec(output)?.[1]?.split(", ") ?? [];
    expect(proposers.some((name) => name !== founder)).toBe(true);
    expect(Number(/^Most candidates in one freeze: (\d+)$/m.exec(output)?.[1])).toBeGreaterThanOrEqual(2);

    expect(output).toMatch(/ and \w+ ask to join/);
    expect(output).toMatch(/ proposes to ban /);
    expect(output).toMatch(/ votes no on /);
    expect(output).toMatch(/ is out \(removed\)/);
    expect(output).toMatch(/ is out \(left\)/);
    expect(output).toMatch(/ read from \w+: \w+ was here/);
  });

  test("tells its story in a few lines, without words of the protocol", async () => {
    const { status, output } = await demls("demo");
    const lines = output.split("\n");
    expect(lines.length).toBeGreaterThanOrEqual(15);
    expect(lines.length).toBeLessThanOrEqual(25);
    for (const line of lines) expect(line).toMatch(/^[A-Z0-9].*\.$/);
    expect(output).not.toMatch(/epoch|candidate|commit|freez|proposal|#/i);
    expect(lines[1]).toMatch(/^\w+ founds the group\.$/);
    expect(lines).toContainEqual(expect.stringMatching(/^\w+ is in: 2 members\.$/));
    expect(lines).toContainEqual(expect.stringMatching(/^The vote ends with \d yes and 1 no\.$/));
    expect(lines.at(-1)).toMatch(/^All \d members agree\.$/);
    expect(status).toBe(0);
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
      / joined at epoch \d+: (.*)/.exec(
        (await demls("demo", "--members", "3", "--seed", seed, "--verbose")).output,
      )?.[1];
    expect(await cast("again")).toBe(await cast("again"));
    expect(await cast("again")).not.toBe(await cast("other"));
  });
});
