import {
  createMemoryConsensusStorage,
  createStoredConsensusStorage,
  proposalIdOf,
  type ConsensusSession,
  type ConsensusStorage,
} from "@demls/consensus/service";
import { putRecord, type Storage, type StorageOperation } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import { consensusStorageContract } from "../src/index.js";

/** Keeps records in a list, each written with some delay. */
function createSlowRecords(from: readonly StorageOperation[] = []): Storage & { all(): StorageOperation[] } {
  const records = new Map<string, StorageOperation & { readonly kind: "put" }>();
  const later = async (): Promise<void> => {
    for (let turns = 0; turns < 3; turns++) await Promise.resolve();
  };
  const apply = (operation: StorageOperation): void => {
    const place = `${operation.namespace} ${operation.key}`;
    if (operation.kind === "put") records.set(place, operation);
    else records.delete(place);
  };
  from.forEach(apply);
  return {
    all: () => [...records.values()].map(({ namespace, key, value }) => putRecord(namespace, key, value)),
    async write(batch) {
      await later();
      batch.forEach(apply);
    },
    async scan(namespace, { prefix = "" } = {}) {
      await later();
      return [...records.values()]
        .filter((record) => record.namespace === namespace && record.key.startsWith(prefix))
        .sort((a, b) => (a.key < b.key ? -1 : 1));
    },
  };
}

describe("the storage in memory", () => {
  for (const { name, run } of consensusStorageContract(createMemoryConsensusStorage)) test(name, run);
});

describe("the storage over records", () => {
  const opened = new Map<ConsensusStorage, ReturnType<typeof createSlowRecords>>();
  const open = (records: ReturnType<typeof createSlowRecords>): ConsensusStorage => {
    const storage = createStoredConsensusStorage(records);
    opened.set(storage, records);
    return storage;
  };
  const cases = consensusStorageContract(
    () => open(createSlowRecords()),
    (storage) => open(createSlowRecords(opened.get(storage)?.all())),
  );
  for (const { name, run } of cases) test(name, run);
});

/** Storage with one fault. */
function broken(change: (sound: ConsensusStorage) => Partial<ConsensusStorage>): () => ConsensusStorage {
  return () => {
    const sound = createMemoryConsensusStorage();
    return { ...sound, ...change(sound) };
  };
}

const turn = (): Promise<void> => Promise.resolve();

const implementations: readonly (readonly [string, () => ConsensusStorage, string])[] = [
  [
    "lets changes overtake one another",
    broken((sound) => ({
      async update(scope, change) {
        const { sessions, result } = change(await sound.sessions(scope));
        await turn();
        await sound.update(scope, () => ({ sessions, result: undefined }));
        return result;
      },
    })),
    "runs no other change between a change's read and write",
  ],
  [
    "empties the scope and then writes session by session",
    () => {
      const sound = createMemoryConsensusStorage();
      let last: Promise<unknown> = Promise.resolve();
      const keepAll = async (scope: string, sessions: readonly ConsensusSession[]): Promise<void> => {
        for (let count = 0; count <= sessions.length; count++) {
          await sound.update(scope, () => ({ sessions: sessions.slice(0, count), result: undefined }));
          await turn();
        }
      };
      return {
        ...sound,
        update(scope, change) {
          const run = last.then(async () => {
            const { sessions, result } = change(await sound.sessions(scope));
            await keepAll(scope, sessions);
            return result;
          });
          last = run.catch(() => undefined);
          return run;
        },
      };
    },
    "never shows a partial change",
  ],
  [
    "writes the sessions of a change one by one",
    broken((sound) => ({
      async update(scope, change) {
        const before = await sound.sessions(scope);
        const { sessions, result } = change(before);
        for (let count = 1; count <= sessions.length; count++) {
          const half = [...sessions.slice(0, count), ...before.slice(count)];
          await sound.update(scope, () => ({ sessions: half, result: undefined }));
          await turn();
        }
        return result;
      },
    })),
    "never shows a partial change",
  ],
  [
    "resolves before a change is stored",
    broken((sound) => ({
      async update(scope, change) {
        const { sessions, result } = change(await sound.sessions(scope));
        void turn()
          .then(turn)
          .then(turn)
          .then(() => sound.update(scope, () => ({ sessions, result: undefined })));
        return result;
      },
    })),
    "has stored a change when it resolves",
  ],
  [
    "returns sessions in the order of their ids",
    broken((sound) => ({
      sessions: async (scope) =>
        (await sound.sessions(scope)).toSorted((a, b) => proposalIdOf(a) - proposalIdOf(b)),
    })),
    "returns sessions in order of arrival, changed ones in place",
  ],
  [
    "returns sessions of any scope",
    () => {
      const sound = createMemoryConsensusStorage();
      let first: string | undefined;
      return {
        ...sound,
        sessions: (scope) => sound.sessions(first ?? scope),
        update(scope, change) {
          first ??= scope;
          return sound.update(scope, change);
        },
      };
    },
    "keeps scopes apart, with any names",
  ],
  [
    "keeps a session without its votes",
    broken((sound) => ({
      session: async (scope, id) => withoutVotes(await sound.session(scope, id)),
    })),
    "stores all fields of a session",
  ],
  [
    "stores half of a change that throws",
    broken((sound) => ({
      async update(scope, change) {
        const before = await sound.sessions(scope);
        await sound.update(scope, () => ({ sessions: [], result: undefined }));
        return sound.update(scope, () => change(before));
      },
    })),
    "changes nothing when a change throws, and passes the error to the caller",
  ],
  [
    "stores the list without copying",
    () => {
      const lists = new Map<string, readonly ConsensusSession[]>();
      return {
        ...createMemoryConsensusStorage(),
        sessions: async (scope) => lists.get(scope) ?? [],
        async update(scope, change) {
          const { sessions, result } = change(lists.get(scope) ?? []);
          lists.set(scope, sessions);
          return result;
        },
      };
    },
    "stores a copy of the list passed in",
  ],
  [
    "deletes sessions and keeps the configuration",
    broken((sound) => ({
      deleteScope: (scope) => sound.update(scope, () => ({ sessions: [], result: undefined })),
    })),
    "deletes a scope completely, and no other",
  ],
  [
    "deletes a configuration with the scope's last session",
    broken((sound) => ({
      async update(scope, change) {
        const result = await sound.update(scope, change);
        if ((await sound.sessions(scope)).length === 0) await sound.deleteScope(scope);
        return result;
      },
    })),
    "keeps a configuration for each scope, with sessions or without",
  ],
  [
    "loses changes of a configuration",
    broken((sound) => ({
      async updateConfig(scope, change) {
        const config = change(await sound.config(scope));
        await turn();
        return sound.updateConfig(scope, () => config);
      },
    })),
    "loses none of several concurrent changes of a configuration",
  ],
];

function withoutVotes(session: ConsensusSession | undefined): ConsensusSession | undefined {
  if (session === undefined) return undefined;
  const { hashgraph } = session;
  return { ...session, hashgraph: { ...hashgraph, proposal: { ...hashgraph.proposal, votes: [] } } };
}

describe("the contract of consensus storages", () => {
  test.each(implementations)("reports an implementation that %s", async (_what, create, name) => {
    const asked = consensusStorageContract(create).find((each) => each.name === name);
    await expect(asked?.run()).rejects.toThrow();
  });

  test("checks persistence if a storage can be reopened", async () => {
    const cases = consensusStorageContract(createMemoryConsensusStorage, createMemoryConsensusStorage);
    const last = cases.at(-1);
    expect(last?.name).toBe("holds exactly the stored sessions after reopening");
    await expect(last?.run()).rejects.toMatchObject({ code: "contract-broken" });
  });
});
