import { createMemoryStorage, DemlsError, type Storage } from "demls";
import type { ChatFiles } from "../../../src/chat/files/chat-files.js";

/** Files and storages in memory, which outlive the chats that use them. */
export interface MemoryFiles extends ChatFiles {
  /** Text of each file by its path. */
  readonly texts: ReadonlyMap<string, string>;
  /** Folders of the storages. */
  readonly storages: ReadonlyMap<string, Storage>;
  /** Whether the storages have no space left. */
  isFull: boolean;
}

export function createMemoryFiles(): MemoryFiles {
  const texts = new Map<string, string>();
  const storages = new Map<string, Storage>();
  /** Namespaces that were written in each storage. */
  const namespaces = new Map<string, Set<string>>();
  /** The opening that has a folder's storage. */
  const openings = new Map<string, symbol>();

  const files: MemoryFiles = {
    isFull: false,
    texts,
    storages,
    read: async (path) => texts.get(path),
    async create(path, text) {
      if (texts.has(path)) return false;
      texts.set(path, text);
      return true;
    },
    replace: async (path, text) => void texts.set(path, text),
    async names(folder) {
      const inside = [...texts.keys(), ...storages.keys()].filter((path) => path.startsWith(`${folder}/`));
      return [...new Set(inside.map((path) => path.slice(folder.length + 1).split("/")[0] ?? ""))].sort();
    },
    async remove(folder) {
      for (const known of [texts, storages])
        for (const path of [...known.keys()]) if (`${path}/`.startsWith(`${folder}/`)) known.delete(path);
    },
    async openStorage(folder, createIfMissing) {
      if (openings.has(folder)) {
        throw new DemlsError("storage-in-use", { message: `Another process has the storage at ${folder}.` });
      }
      const opening = Symbol(folder);
      if (!createIfMissing && !storages.has(folder))
        throw new DemlsError("storage-missing", { message: `There is no storage at ${folder}.` });
      const storage = storages.get(folder) ?? createMemoryStorage();
      storages.set(folder, storage);
      const spaces = namespaces.get(folder) ?? new Set<string>();
      namespaces.set(folder, spaces);
      openings.set(folder, opening);
      const requireOpen = (): void => {
        if (openings.get(folder) !== opening)
          throw new DemlsError("storage-closed", { message: "It is closed." });
      };
      return {
        async write(batch) {
          requireOpen();
          if (files.isFull) throw noSpace(folder);
          for (const { namespace } of batch) spaces.add(namespace);
          return storage.write(batch);
        },
        async scan(namespace, options) {
          requireOpen();
          return storage.scan(namespace, options);
        },
        async *records() {
          for (const namespace of spaces)
            for (const record of await storage.scan(namespace)) yield { namespace, ...record };
        },
        async close() {
          if (openings.get(folder) === opening) openings.delete(folder);
        },
      };
    },
  };
  return files;
}

function noSpace(folder: string): DemlsError<"storage-unwritable"> {
  return new DemlsError("storage-unwritable", {
    message: `The storage at ${folder} cannot be written: No space left on device.`,
  });
}
