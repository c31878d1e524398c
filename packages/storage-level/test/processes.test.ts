import { createMemoryNetwork, createUser } from "demls";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { openLevelStorage } from "../src/index.js";
import { notesIn, useStorages } from "./storages.js";

const { freshFolder, openIn } = useStorages();

/** Largest file that a process may write, in KiB: less than LevelDB's log before it becomes a table. */
const FILE_KIB = 200;

const programAt = (name: string) => fileURLToPath(new URL(`processes/${name}.mjs`, import.meta.url));

/** Starts a program, for which no file may grow beyond a limit. */
function startLimited(program: string, folder: string): ChildProcess {
  const command = `ulimit -f ${FILE_KIB} && exec "$0" "$@"`;
  return spawn("bash", ["-c", command, process.execPath, programAt(program), folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

async function linesOf(program: ChildProcess): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: program.stdout! })) lines.push(line);
  return lines;
}

/** Number of whole batches of `writer`; throws if there is half of one. */
async function wholeBatches(folder: string): Promise<number> {
  const keys = await notesIn(await openIn(folder));
  const batches = keys.length / 2;
  const expected = Array.from({ length: batches }, (_, i) => {
    const text = String(i + 1).padStart(7, "0");
    return [`${text}/a`, `${text}/b`];
  });
  expect(keys).toEqual(expected.flat());
  return batches;
}

describe("A killed process", () => {
  test("frees the storage, which has all batches that had resolved", async () => {
    const folder = await freshFolder();
    const writer = spawn(process.execPath, [programAt("writer"), folder], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const exited = once(writer, "exit");
    let resolved = 0;
    for await (const line of createInterface({ input: writer.stdout })) {
      resolved = Number(line);
      if (resolved === 20) {
        await expect(openLevelStorage(folder)).rejects.toMatchObject({ code: "storage-in-use" });
        writer.kill("SIGKILL");
      }
    }
    expect(await exited).toEqual([null, "SIGKILL"]);
    expect(resolved).toBeGreaterThanOrEqual(20);
    expect(await wholeBatches(folder)).toBeGreaterThanOrEqual(resolved);
  });
});

describe.skipIf(process.platform === "win32")("A disk that is full", () => {
  test("fails the batch, and the storage continues from the last whole one", async () => {
    const folder = await freshFolder();
    const lines = await linesOf(startLimited("writer", folder));
    expect(lines.at(-1)).toBe("storage-unwritable");
    expect(lines.length).toBeGreaterThan(50);
    const resolved = lines.length - 1;
    expect([resolved, resolved + 1]).toContain(await wholeBatches(folder));
  });

  test("stops a conversation with its error, and a restart continues it", async () => {
    const folder = await freshFolder();
    const [line = ""] = await linesOf(startLimited("chatter", folder));
    const { sent, ...stopped } = JSON.parse(line) as { readonly sent: number };
    expect(stopped).toEqual({
      failure: ["storage-failed", "storage-unwritable"],
      later: "storage-failed",
      told: ["storage-failed"],
      scanned: true,
    });
    expect(sent).toBeGreaterThan(5);

    const alice = await createUser({
      key: new Uint8Array(32).fill(1),
      transport: createMemoryNetwork().join(),
      storage: await openIn(folder, { createIfMissing: false }),
    });
    const garden = alice.conversation("garden");
    expect(garden.state).toMatchObject({ phase: "working", epoch: 0n });
    await (
      await garden.send("again")
    ).published;
    await alice.close();
  });
});
