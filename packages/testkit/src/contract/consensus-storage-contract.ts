import { configCases } from "./consensus-config-cases.js";
import { sessionCases } from "./consensus-session-cases.js";
import { expectEqual, type ContractCase } from "./contract-case.js";
import {
  idsOf,
  keep,
  sampleSession,
  type CreateConsensusStorage,
  type ReopenConsensusStorage,
} from "./consensus-storage-under-test.js";

/**
 * Contract of a `ConsensusStorage`, used by a `ConsensusService`: sessions by scope, their order, and atomic, isolated
 * changes. The cases are independent of each other and wait for nothing.
 *
 * @param create creates a storage under test
 * @param reopen reopens a storage's contents; without it, persistence is not tested
 *
 * @example
 * ```ts
 * for (const { name, run } of consensusStorageContract(() => openMyStorage(freshFolder()))) test(name, run);
 * ```
 */
export function consensusStorageContract(
  create: CreateConsensusStorage,
  reopen?: ReopenConsensusStorage,
): readonly ContractCase[] {
  const cases = [...sessionCases(create), ...configCases(create)];
  return reopen === undefined ? cases : [...cases, reopeningCase(create, reopen)];
}

function reopeningCase(create: CreateConsensusStorage, reopen: ReopenConsensusStorage): ContractCase {
  return {
    name: "holds exactly the stored sessions after reopening",
    async run() {
      const storage = await create();
      for (const id of [1, 2, 3]) await keep(storage, "garden", sampleSession(id));
      await keep(storage, "meadow", sampleSession(1));
      await storage.deleteScope("meadow");
      await storage.update("garden", (sessions) => ({ sessions: sessions.slice(1), result: undefined }));
      const again = await reopen(storage);
      expectEqual(await idsOf(again, "garden"), [2, 3], "The result");
      expectEqual(await idsOf(again, "meadow"), [], "The sessions of a deleted scope");
      expectEqual(await again.session("garden", 2), sampleSession(2), "A session");
    },
  };
}
