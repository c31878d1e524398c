import { storageUnsupported } from "../engine/storage-errors.js";

/**
 * Takes a lock that the browser frees when the tab ends.
 *
 * @param takeOver takes it from its holder. Without Web Locks the holder is not told, and notices by itself.
 * @param inUse makes the error if another tab has it
 * @returns a function that frees the lock; it does nothing if another tab has taken it
 * @throws DemlsError `storage-unsupported`
 */
export async function acquireLock(name: string, takeOver: boolean, inUse: () => Error): Promise<() => void> {
  // Only secure contexts have it.
  const locks = (navigator as { readonly locks?: LockManager }).locks;
  if (locks === undefined) {
    if (takeOver) return () => undefined;
    throw storageUnsupported("Web Locks");
  }
  return new Promise((resolve, reject) => {
    const holding = locks.request(name, takeOver ? { steal: true } : { ifAvailable: true }, (lock) => {
      if (lock === null) return reject(inUse());
      return new Promise<void>((free) => resolve(free));
    });
    // It rejects when another tab takes the lock, which the next transaction notices.
    holding.catch(reject);
  });
}
