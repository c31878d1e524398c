import { readText } from "../workspace.js";

/** A fault that is planted in a source file, and the test file that must notice it. */
export interface Mutant {
  /** The planted fault. */
  readonly fault: string;
  /** Source file, from the root. */
  readonly file: string;
  /** Text that occurs once in the file. */
  readonly from: string;
  readonly to: string;
  /** Folder of the package, from the root. */
  readonly folder: string;
  /** Test file that fails, from the root. */
  readonly test: string;
}

/** Folder of each list: `NAME.txt` has the mutants of its `src`. */
const FOLDERS = { join: "packages/join", session: "packages/session" } as const;

/**
 * The mutants of all lists. A line of a list is one mutant, with the paths from `src` and from `test`, and `\n` for a line
 * break:
 *
 *     fault @@ source file @@ test file @@ text @@ text in its place
 *
 * Lines that begin with `#` are comments.
 */
export const mutants: readonly Mutant[] = Object.entries(FOLDERS).flatMap(([name, folder]) =>
  readText(`tests/mutants/${name}.txt`)
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => mutantOf(line, folder)),
);

function mutantOf(line: string, folder: string): Mutant {
  const [fault = "", source = "", test = "", from = "", to = "", ...rest] = line
    .split(/ @@(?: |$)/)
    .map((part) => part.replaceAll("\\n", "\n"));
  if (from === "" || rest.length > 0) throw new Error(`Not a mutant: ${line}`);
  return { fault, file: `${folder}/src/${source}`, from, to, folder, test: `${folder}/test/${test}` };
}
