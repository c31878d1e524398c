import { createMlsService } from "@demls/mls";
import { encryptedStorage, type EncryptedStorage } from "@demls/storage-encrypted";
import { openLevelStorage, type LevelStorage } from "@demls/storage-level";
import { createMemoryStorage, type MemoryStorage } from "@demls/storage-memory";
import { mlsServiceContract, storageContract, transportContract, type ContractCase } from "@demls/testkit";
import { createMemoryNetwork } from "@demls/transport-memory";
import { platformRandom } from "demls";
import { describe, test } from "vitest";

/** A network without delays, whose deliveries are microtasks and complete before a timer fires. */
function memoryNetwork() {
  const network = createMemoryNetwork();
  const settle = () => new Promise<void>((resolve) => void setTimeout(resolve));
  return { join: () => network.join(), settle };
}

const reopened = (storage: unknown) => createMemoryStorage({ records: (storage as MemoryStorage).records() });

let databases = 0;
const levelStorages = new Map<unknown, string>();

async function openLevel(name = `contract ${++databases}`) {
  const storage = await openLevelStorage(name);
  levelStorages.set(storage, name);
  return storage;
}

async function reopenedLevel(storage: unknown) {
  await (storage as LevelStorage).close();
  return openLevel(levelStorages.get(storage));
}

const wrapped = new Map<unknown, MemoryStorage>();

async function openEncrypted(disk = createMemoryStorage()) {
  const storage = await encryptedStorage(disk, { key: new Uint8Array(32).fill(1), random: platformRandom });
  wrapped.set(storage, disk);
  return storage;
}

async function reopenedEncrypted(storage: unknown) {
  await (storage as EncryptedStorage).close();
  return openEncrypted(wrapped.get(storage));
}

const contracts: readonly (readonly [string, readonly ContractCase[]])[] = [
  ["The MLS service", mlsServiceContract(createMlsService)],
  ["The memory storage", storageContract(createMemoryStorage, reopened)],
  ["The storage over IndexedDB", storageContract(() => openLevel(), reopenedLevel)],
  ["The encrypted storage", storageContract(() => openEncrypted(), reopenedEncrypted)],
  ["The memory transport", transportContract(memoryNetwork)],
];

describe.each(contracts)("%s in a page", (_name, cases) => {
  test.each(cases)("$name", ({ run }) => run());
});
