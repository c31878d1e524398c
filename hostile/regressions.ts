import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** What once went wrong, as it is kept in a file. */
export interface Regression {
  /** The file's name. */
  readonly name: string;
  /** What went wrong, in a sentence. */
  readonly what: string;
  /** Where it is tried: the name of the place, and what that place asks for besides, set off by ` / `. */
  readonly place: string;
  /** In the file as hex. */
  readonly bytes: Uint8Array;
}

/** Tries bytes at a place again, with what follows the place's name. */
export type Replay = (bytes: Uint8Array, ...details: readonly string[]) => unknown;

const SEPARATOR = " / ";

/** Declares a test for each regression in a folder that belongs to one of these places, by name. */
export function replaying(folder: URL, places: Readonly<Record<string, Replay>>): void {
  const own = regressionsIn(folder).filter(({ place }) => Object.hasOwn(places, nameOf(place)));
  test.each(own.map((regression) => [regression.what, regression] as const))(
    "what once went wrong: %s",
    async (_what, { place, bytes }) => {
      const [, ...details] = place.split(SEPARATOR);
      await places[nameOf(place)]?.(bytes, ...details);
    },
  );
}

/** Declares a test that no file in a folder belongs to a place without a name here, where nothing would replay it. */
export function knowingPlaces(folder: URL, names: readonly string[]): void {
  test("every kept regression belongs to a place that replays it", () => {
    const unknown = regressionsIn(folder).filter(({ place }) => !names.includes(nameOf(place)));
    expect(unknown.map(({ name, place }) => `${name}: ${place}`)).toEqual([]);
  });
}

/**
 * Runs a check on hostile bytes. Where it fails, the message holds the file that keeps them: put it into the
 * `regressions` folder beside the test.
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

/** The regressions in a folder, in order of their names; none where nothing has gone wrong yet. */
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
