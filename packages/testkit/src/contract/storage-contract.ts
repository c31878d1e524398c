import { batchCases } from "./storage-batch-cases.js";
import type { ContractCase } from "./contract-case.js";
import { recordCases } from "./storage-record-cases.js";
import { scanCases } from "./storage-scan-cases.js";
import type { CreateStorage, ReopenStorage } from "./storage-under-test.js";

/**
 * Contract of a `Storage`: scans, ownership of bytes, and atomic batches. The cases are independent of each other and
 * wait for nothing.
 *
 * No case can check that a batch is atomic when the process dies while writing it.
 *
 * @param create creates a storage under test
 * @param reopen reopens a storage's contents; without it, persistence is not tested
 *
 * @example
 * ```ts
 * describe("my storage", () => {
 *  for (const { name, run } of storageContract(() => openMyStorage(freshFolder()))) test(name, run);
 * });
 * ```
 */
export function storageContract(create: CreateStorage, reopen?: ReopenStorage): readonly ContractCase[] {
  return [...recordCases(create), ...scanCases(create), ...batchCases(create, reopen)];
}
