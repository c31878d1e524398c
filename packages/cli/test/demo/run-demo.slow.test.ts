import { describe, expect, test } from "vitest";
import { demls } from "../run-demls.js";

/** Twelve members are slow on a busy machine. */
describe("The demo", () => {
  test.each([3, 4, 5, 8, 12])("with %i members runs every act and ends in agreement", async (members) => {
    const { status, output } = await demls(
      ...["demo", "--members", String(members), "--seed", `play ${members}`, "--verbose"],
    );
    expect(output).toMatch(/^All \d+ members agree\.$/m);
    expect(status).toBe(0);

    expect(output).toMatch(/^Committed: \w+ \d/m);
    expect(output).toMatch(/ and \w+ ask to join/);
    expect(output).toMatch(/ proposes to ban /);
    // Of two voters, both must vote yes.
    if (members > 3) expect(output).toMatch(/ votes no on /);
    expect(output).toMatch(/ is out \(removed\)/);
    expect(output).toMatch(/ is out \(left\)/);
    expect(output).toMatch(/ read from \w+: \w+ was here/);
  });

  test("prints at most 25 lines, without protocol terms", async () => {
    const { status, output } = await demls("demo");
    const lines = output.split("\n");
    expect(lines.length).toBeGreaterThanOrEqual(15);
    expect(lines.length).toBeLessThanOrEqual(25);
    for (const line of lines) expect(line).toMatch(/^[A-Z0-9].*\.$/);
    expect(output).not.toMatch(/epoch|candidate|commit|freez|proposal|#/i);
    expect(lines[1]).toMatch(/^\w+ founds the group\.$/);
    expect(lines).toContainEqual(expect.stringMatching(/^\w+ is in: 2 members\.$/));
    expect(lines.at(-2)).toMatch(/^[\w, ]+ carried out the decisions; /);
    expect(lines).toContainEqual(expect.stringMatching(/^The vote ends with \d yes and 1 no\.$/));
    expect(lines.at(-1)).toMatch(/^All \d members agree\.$/);
    expect(status).toBe(0);
  });

  test.each(["a", "b", "c", "d", "e", "f"])(
    "with seed %s and reordered packets ends in agreement",
    async (seed) => {
      const { status } = await demls("demo", "--seed", seed, "--delay", "0-120");
      expect(status).toBe(0);
    },
  );

  test.each([1, 2, 3])(
    "ends with the status of its result if member %i receives a damaged candidate, which another may resend in time",
    async (member) => {
      const { status, output } = await demls("demo", "--corrupt", String(member), "--seed", "q");
      const isParted = output.includes("The members do not agree.");
      expect(isParted).toBe(output.includes("did not complete within"));
      expect(status).toBe(isParted ? 1 : 0);
    },
  );

  test("has the same names for the same seed, and other names for another seed", async () => {
    const cast = async (seed: string): Promise<string | undefined> =>
      / joined at epoch \d+: (.*)/.exec(
        (await demls("demo", "--members", "3", "--seed", seed, "--verbose")).output,
      )?.[1];
    expect(await cast("again")).toBe(await cast("again"));
    expect(await cast("again")).not.toBe(await cast("other"));
  });
});
