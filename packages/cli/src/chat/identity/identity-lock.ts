import { readFile, unlink, writeFile } from "node:fs/promises";
import { DemlsError } from "demls";
import { codeOf } from "./identity-file.js";

/** Releases the lock of an identity. Idempotent. */
export type Unlock = () => Promise<void>;

/**
 * Locks an identity for this process, by a file with the process id beside the identity's file. Two processes with
 * one key would each drop the other's packets as echoes. A lock of a process that no longer runs is replaced.
 *
 * @throws DemlsError `identity-in-use`, which names the process.
 */
export async function lockIdentity(path: string): Promise<Unlock> {
  const lock = `${path}.lock`;
  if (!(await claim(lock))) {
    const owner = await ownerOf(lock);
    if (owner !== undefined && isAnotherProcess(owner)) throw inUse(path, lock, owner);
    await unlink(lock).catch(() => undefined);
    if (!(await claim(lock))) throw inUse(path, lock, (await ownerOf(lock)) ?? 0);
  }
  return () => unlink(lock).catch(() => undefined);
}

async function claim(lock: string): Promise<boolean> {
  try {
    await writeFile(lock, `${process.pid}\n`, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw new DemlsError("identity-unreadable", {
      message: `${lock} cannot be written (${codeOf(error) ?? "unknown error"}).`,
      field: "identity",
      remedy: "Check the folder, or give another file with --identity FILE.",
    });
  }
}

async function ownerOf(lock: string): Promise<number | undefined> {
  const text = await readFile(lock, "utf8").catch(() => "");
  const [digits] = /^\d+/.exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/** Whether another process with this id runs. An id equal to this process's own is that of an earlier process. */
function isAnotherProcess(id: number): boolean {
  if (id === process.pid || id === 0) return false;
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

function inUse(path: string, lock: string, owner: number): DemlsError<"identity-in-use"> {
  return new DemlsError("identity-in-use", {
    message: `The identity in ${path} is in use by process ${owner}.`,
    field: "identity",
    remedy: `A second user needs its own identity: --identity bob.json. If that process is not a chat, remove ${lock}.`,
  });
}
