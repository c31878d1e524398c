import { randomUUID } from "node:crypto";
import { link, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DemlsError } from "@demls/wire/core";

/** Tells this process from an earlier one with the same number, as containers like to have it. */
const RUN = randomUUID();

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
  const numbers = before.flatMap((name) => /^lock\.(\d+)$/.exec(name)?.[1] ?? []).map(Number);
  const newest = Math.max(0, ...numbers);
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
  for (const name of before) await rm(join(folder, name), { force: true });
  // It stays, empty, so that the next one has another number.
  return () => writeFile(own, "");
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
