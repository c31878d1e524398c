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
 * What a `ConsensusService` relies on in a `ConsensusStorage`: which sessions are whose, in which order, and that a
 * change is whole and lets no other in between. The cases are independent of each other and wait for nothing.
 *
 * @param create makes a storage of the implementation under test
 * @param reopen opens anew what it holds; where it is absent, nobody tries whether sessions outlive the storage
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
