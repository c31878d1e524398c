import { randomUUID } from "node:crypto";
import { link, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DemlsError } from "@demls/wire/core";

/**
 * When this process began: the same in all its threads, and another one than an earlier process had under the same
 * number, as containers like to have it.
 */
const RUN = String(performance.timeOrigin);

/**
 * Takes a folder for this process: until it is released, or the process has ended in whatever way.
 *
 * The lock is the file `lock.<n>` with the highest number. It names its holder, and is empty once it is released.
 * Whoever wants the folder makes the file of the next number, which the file system lets one do only.
 *
 * @returns releases it.
 * @throws DemlsError `storage-in-use`.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const before = (await readdir(folder)).filter((name) => name.startsWith("lock."));
  const newest = newestOf(before);
  if (newest > 0 && (await isHeld(lockAt(folder, newest)))) throw inUse(folder);
  const own = lockAt(folder, newest + 1);
  // Under another name first, so that nobody finds the lock before it names its holder.
  const draft = `${own}.${randomUUID()}`;
  await writeFile(draft, `${process.pid} ${RUN}`, { mode: 0o600 });
  try {
    await link(draft, own);
  } catch (error) {
    // Another process has been quicker, and perhaps tidied up the draft.
    throw hasCode(error, "EEXIST") || hasCode(error, "ENOENT") ? inUse(folder) : error;
  } finally {
    await rm(draft, { force: true });
  }
  // Others may have taken the folder since it was read, and have removed the lock that would have been in the way.
  if (newestOf(await readdir(folder)) > newest + 1) {
    await rm(own, { force: true });
    throw inUse(folder);
  }
  for (const name of before) await rm(join(folder, name), { force: true });
  // It stays, empty, so that the next one has another number.
  return () => writeFile(own, "");
}

/** The highest number of a lock among these files; 0 where there is none. */
function newestOf(names: readonly string[]): number {
  return Math.max(0, ...names.map((name) => Number(/^lock\.(\d+)$/.exec(name)?.[1] ?? 0)));
}

async function isHeld(lock: string): Promise<boolean> {
  try {
    const text = await readFile(lock, "utf8");
    return text !== "" && isRunning(...(text.split(" ") as [string, string]));
  } catch (error) {
    // Another process has just made the next lock, and removed this one.
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
    // The process of another user may not be asked, but is there.
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
    remedy: "Close that one first. Where no such process is left, delete the file lock.<n> there.",
  });
}
