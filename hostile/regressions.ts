import { readdirSync, readFileSync } from "node:fs";

/** What once went wrong, as it is kept in a file. */
export interface Regression {
  /** The file's name. */
  readonly name: string;
  /** What went wrong, in a sentence. */
  readonly what: string;
  /** Where it is tried, in the words of the test that tries it. */
  readonly place: string;
  /** Hex. */
  readonly bytes: string;
}

/** The regressions in a folder beside the test that replays them, in order of their names. */
export function regressionsIn(folder: URL): readonly Regression[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => ({
      ...(JSON.parse(readFileSync(new URL(name, folder), "utf8")) as Omit<Regression, "name">),
      name,
    }));
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
