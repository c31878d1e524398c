import { randomUUID } from "node:crypto";
import { link, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DemlsError } from "@demls/wire/core";

/**
 * Start time of this process: equal in all its threads. It distinguishes this process from an earlier one with the
 * same id, which is common in containers.
 */
const RUN = String(performance.timeOrigin);

/**
 * Locks a folder for this process until the lock is released or the process ends.
 *
 * The lock is the file `lock.<n>` with the highest number. It names its holder, and is empty after its release. A
 * process acquires the lock by creating the file with the next number, which succeeds for one process only.
 *
 * @returns a function that releases the lock.
 * @throws DemlsError `storage-in-use`.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const before = (await readdir(folder)).filter((name) => name.startsWith("lock."));
  const newest = newestOf(before);
  if (newest > 0 && (await isHeld(lockAt(folder, newest)))) throw inUse(folder);
  const own = lockAt(folder, newest + 1);
  // Written under another name first, so that the lock always names its holder.
  const draft = `${own}.${randomUUID()}`;
  await writeFile(draft, `${process.pid} ${RUN}`, { mode: 0o600 });
  try {
    await link(draft, own);
  } catch (error) {
    // Another process was faster, and may have removed the draft.
    throw hasCode(error, "EEXIST") || hasCode(error, "ENOENT") ? inUse(folder) : error;
  } finally {
    await rm(draft, { force: true });
  }
  // Other processes may have locked the folder since it was read, and removed the lock that would have conflicted.
  if (newestOf(await readdir(folder)) > newest + 1) {
    await rm(own, { force: true });
    throw inUse(folder);
  }
  for (const name of before) await rm(join(folder, name), { force: true });
  // The empty file stays, so that the next lock gets another number.
  return () => writeFile(own, "");
}

/** The highest lock number among these files; 0 if there is none. */
function newestOf(names: readonly string[]): number {
  return Math.max(0, ...names.map((name) => Number(/^lock\.(\d+)$/.exec(name)?.[1] ?? 0)));
}

async function isHeld(lock: string): Promise<boolean> {
  try {
    const text = await readFile(lock, "utf8");
    return text !== "" && isRunning(...(text.split(" ") as [string, string]));
  } catch (error) {
    // Another process has just created the next lock, and removed this one.
    if (hasCode(error, "ENOENT")) return true;
    throw error;
  }
}

function isRunning(pid: string, run: string): boolean {
  if (Number(pid) === process.pid) return run === RUN;
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    // EPERM: a process of another user runs under this id.
    return hasCode(error, "EPERM");
  }
}

function lockAt(folder: string, number: number): string {
  return join(folder, `lock.${number}`);
}

function hasCode(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException).code === code;
}

function inUse(folder: string): DemlsError<"storage-in-use"> {
  return new DemlsError("storage-in-use", {
    message: `A running process has ${folder} open.`,
    remedy: "Close the storage there first. If no such process runs, delete the file lock.<n> in the folder.",
  });
}
