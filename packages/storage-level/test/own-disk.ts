import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import type { TestContext } from "vitest";

/** Runs a command; returns whether it succeeded. */
export const run = (command: string, ...args: readonly string[]): boolean =>
  spawnSync(command, args).status === 0;

type OnDisk = (folder: string) => Promise<void>;

/** Runs a test in a file system of its own in memory; skips it where mounting is not allowed. */
export async function onOwnDisk(
  { skip }: TestContext,
  folder: string,
  size: string,
  act: OnDisk,
): Promise<void> {
  if (!run("mount", "-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder)) skip("only root may mount a disk");
  try {
    await act(folder);
  } finally {
    run("umount", "--lazy", folder);
  }
}

/** Disk of the file system ext4 in a file, which turns read-only after an error, as disks do that begin to fail. */
export interface FailingDisk {
  /** Lets an error happen. */
  fail(): Promise<void>;
  repair(): void;
}

/** Runs a test on a {@link FailingDisk} mounted at `folder`; skips it where that is not possible. */
export async function onFailingDisk(
  { skip }: TestContext,
  folder: string,
  act: (disk: FailingDisk) => Promise<void>,
): Promise<void> {
  const file = `${folder}.ext4`;
  await writeFile(file, new Uint8Array(16 * 1024 * 1024));
  const mount = (): boolean => run("mount", "-o", "loop,errors=remount-ro", file, folder);
  if (!run("mkfs.ext4", "-q", "-F", file) || !mount()) skip("only root may mount a disk of ext4");
  try {
    await act({
      async fail() {
        const { stdout } = spawnSync("findmnt", ["-no", "SOURCE", folder], { encoding: "utf8" });
        await writeFile(`/sys/fs/ext4/${stdout.trim().replace("/dev/", "")}/trigger_fs_error`, "1");
      },
      repair() {
        run("umount", folder);
        run("e2fsck", "-f", "-y", file);
        if (!mount()) throw new Error("The disk is not repaired.");
      },
    });
  } finally {
    run("umount", "--lazy", folder);
  }
}
