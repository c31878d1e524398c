import { readFile, unlink, writeFile } from "node:fs/promises";
import { DemlsError } from "demls";
import { codeOf } from "./identity-file.js";

/** Gives an identity free again. Calling it again does nothing. */
export type Unlock = () => Promise<void>;

/**
 * Keeps an identity to this process, by a file with its process id beside the identity's: two members with one key
 * would each take the other's packets for its own. What a process left behind that is no more binds nobody.
 *
 * @throws DemlsError `identity-in-use`, naming the process.
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
      remedy: "See to the folder, or name another file with --identity FILE.",
    });
  }
}

async function ownerOf(lock: string): Promise<number | undefined> {
  const text = await readFile(lock, "utf8").catch(() => "");
  const [digits] = /^\d+/.exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/** Whether another process of this id runs. One's own id in the file is an earlier process's that had it. */
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
    remedy: `A second user needs an identity of its own: --identity bob.json. If that process is no chat, remove ${lock}.`,
  });
}
