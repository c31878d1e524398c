import { bytesToHex, DemlsError } from "@demls/wire/core";

/**
 * One requirement of an implementation. A contract is a list of cases for any test runner:
 *
 * @example
 * ```ts
 * for (const { name, run } of mlsServiceContract(createMember)) test(name, run);
 * ```
 */
export interface ContractCase {
  /** The requirement, as a sentence without its subject. */
  readonly name: string;
  /**
   * Checks the requirement.
   *
   * @throws DemlsError `contract-broken` when the implementation violates it; any unexpected error of the
   *   implementation.
   */
  run(): Promise<void>;
}

/**
 * @throws DemlsError `contract-broken` unless the values are deeply equal; byte strings are compared by their bytes.
 */
export function expectEqual(actual: unknown, expected: unknown, what: string): void {
  const [found, wanted] = [spell(actual), spell(expected)];
  if (found !== wanted) throw broken(`${what} is ${found} and should be ${wanted}.`);
}

/** @throws DemlsError `contract-broken` unless `action` fails with a DemlsError of this code. */
export async function expectMistake(action: () => unknown, code: string): Promise<void> {
  try {
    await action();
  } catch (error) {
    return expectEqual(
      error instanceof DemlsError ? String(error.code) : String(error),
      code,
      "The error's code",
    );
  }
  throw broken(`No error was thrown; expected ${code}.`);
}

/** @throws DemlsError `contract-broken` when the value is undefined. */
export function present<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw broken(`There is no ${what}.`);
  return value;
}

/** Error for a violated requirement. */
export function broken(message: string): DemlsError<"contract-broken"> {
  return new DemlsError("contract-broken", { message });
}

function spell(value: unknown): string {
  return JSON.stringify([value], (_key, part: unknown) => {
    if (part instanceof Uint8Array) return `bytes ${bytesToHex(part)}`;
    if (part instanceof Map || part instanceof Set)
      return [part.constructor.name, ...(part as Iterable<unknown>)];
    if (typeof part === "bigint") return `${part}n`;
    if (typeof part === "object" && part !== null && !Array.isArray(part)) return inOrder(part);
    return part === undefined ? "undefined" : part;
  }).slice(1, -1);
}

/** Sorts entries by name: the order of an object's properties does not matter. */
function inOrder(part: object): unknown {
  if (part instanceof Map || part instanceof Set) return [...(part as Iterable<unknown>)];
  return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
}
