import type { NamedRecord } from "@demls/storage-level";
import type { Storage } from "demls";

/** A {@link Storage} that its opener closes. */
export interface ClosableStorage extends Storage {
  /** Waits for requested operations. Idempotent. */
  close(): Promise<void>;
}

/** A storage on the disk. */
export interface Disk extends ClosableStorage {
  /** All records of all namespaces. Nothing may be written meanwhile. */
  records(): AsyncIterable<NamedRecord>;
}

/** Files and storages of a chat, for their owner alone. Paths are absolute, or relative to the working folder. */
export interface ChatFiles {
  /**
   * Reads a file.
   *
   * @returns its text; `undefined` if there is none.
   * @throws DemlsError `file-exposed` if other users may read it, `file-too-long`, `file-unusable`.
   */
  read(path: string): Promise<string | undefined>;
  /**
   * Creates a file and its folders. No process reads a part of it.
   *
   * @returns false if there is a file already, which stays as it is.
   * @throws DemlsError `file-unusable`.
   */
  create(path: string, text: string): Promise<boolean>;
  /** Replaces a file, or creates it as {@link create} does. @throws DemlsError `file-unusable`. */
  replace(path: string, text: string): Promise<void>;
  /** Names of the entries of a folder, in alphabetical order; none without a folder. @throws DemlsError `file-unusable`. */
  names(folder: string): Promise<readonly string[]>;
  /** Deletes a folder with its content, if there is one. @throws DemlsError `file-unusable`. */
  remove(folder: string): Promise<void>;
  /**
   * Opens the storage in a folder, or makes an empty one.
   *
   * @param createIfMissing whether there need not be one.
   * @throws DemlsError `storage-in-use` if another process has it; the other errors of `openLevelStorage`.
   */
  openStorage(folder: string, createIfMissing: boolean): Promise<Disk>;
}
