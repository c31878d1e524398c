import { batchCases } from "./storage-batch-cases.js";
import type { ContractCase } from "./contract-case.js";
import { recordCases } from "./storage-record-cases.js";
import type { CreateStorage, ReopenStorage } from "./storage-under-test.js";

/**
 * What a user relies on in a `Storage`: which records a scan finds, whose bytes are whose, and that a batch is
 * whole. The cases are independent of each other, and nothing in them waits for time to pass.
 *
 * That a batch is whole when the process dies in the midst of it, no case can try out.
 *
 * @param create makes a storage of the implementation under test
 * @param reopen opens anew what it holds; where it is absent, nobody tries whether records outlive the storage
 *
 * @example
 * ```ts
 * describe("my storage", () => {
 *   for (const { name, run } of storageContract(() => openMyStorage(freshFolder()))) test(name, run);
 * });
 * ```
 */
export function storageContract(create: CreateStorage, reopen?: ReopenStorage): readonly ContractCase[] {
  return [...recordCases(create), ...batchCases(create, reopen)];
}
