import { spawnSync } from "node:child_process";

/** Figures of the Rust crate by measurement, in its unit. */
export type RustFigures = ReadonlyMap<string, number>;

/**
 * Runs the Rust crate's bench of one scenario.
 *
 * @param program path of the built rust-peer; without it the result is empty.
 */
export function rustFigures(program: string | undefined, scenario: string, mostMembers: number): RustFigures {
  if (program === undefined) return new Map();
  const { status, stdout } = spawnSync(program, ["bench", scenario, String(mostMembers)], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status !== 0) process.stderr.write(`The Rust crate's bench of ${scenario} broke off.\n`);
  return new Map(
    stdout
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => {
        const { name, value } = JSON.parse(line) as { readonly name: string; readonly value: number };
        return [name, value] as const;
      }),
  );
}
