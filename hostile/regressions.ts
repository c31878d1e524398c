import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** A former failure, stored in a file. */
export interface Regression {
  /** The file's name. */
  readonly name: string;
  /** One-sentence description of the failure. */
  readonly what: string;
  /** Place of the check: its name, and its parameters after ` / `. */
  readonly place: string;
  /** The bytes, hex in the file. */
  readonly bytes: Uint8Array;
}

/** Replays bytes at a place with its parameters. */
export type Replay = (bytes: Uint8Array, ...details: readonly string[]) => unknown;

const SEPARATOR = " / ";

/** Declares a test for each regression of the given places in a folder. */
export function replaying(folder: URL, places: Readonly<Record<string, Replay>>): void {
  const own = regressionsIn(folder).filter(({ place }) => Object.hasOwn(places, nameOf(place)));
  test.each(own.map((regression) => [regression.what, regression] as const))(
    "the regression %s",
    async (_what, { place, bytes }) => {
      const [, ...details] = place.split(SEPARATOR);
      await places[nameOf(place)]?.(bytes, ...details);
    },
  );
}

/**
 * Declares a test that fails if a regression in a folder belongs to none of the given places: it would not be replayed.
 */
export function knowingPlaces(folder: URL, names: readonly string[]): void {
  test("Every stored regression belongs to a place that replays it", () => {
    const unknown = regressionsIn(folder).filter(({ place }) => !names.includes(nameOf(place)));
    expect(unknown.map(({ name, place }) => `${name}: ${place}`)).toEqual([]);
  });
}

/**
 * Runs a check on hostile bytes. The error message of a failure contains a regression file for the `regressions`
 * folder beside the test.
 */
export async function keeping(
  place: string,
  bytes: Uint8Array,
  check: () => void | Promise<void>,
): Promise<void> {
  try {
    await check();
  } catch (error) {
    const file = { what: "…", place, bytes: Buffer.from(bytes).toString("hex") };
    const message = error instanceof Error ? `${error.message}\n${error.stack}` : String(error);
    throw new Error(`${message}\n\nKeep it as regressions/<name>.json:\n${JSON.stringify(file)}\n`, {
      cause: error,
    });
  }
}

/** The regressions in a folder, ordered by name; empty if there is no such folder. */
function regressionsIn(folder: URL): readonly Regression[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => {
      const file = JSON.parse(readFileSync(new URL(name, folder), "utf8")) as Regression & { bytes: string };
      return { ...file, name, bytes: Uint8Array.from(Buffer.from(file.bytes, "hex")) };
    });
}

function nameOf(place: string): string {
  return place.split(SEPARATOR)[0] ?? "";
}
