import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { Line } from "./peer-driver.js";
import { GARDEN, secretKey } from "./peer-garden.js";

const BIN = fileURLToPath(new URL("../../../packages/cli/bin/demls.js", import.meta.url));
/** Time in ms after which a process that hangs is killed. It is long, since a process starts slowly on a busy machine. */
const PATIENCE_MS = 300_000;

/** Runs a process with all of its input at once. */
function run(lines: readonly string[]): { status: number | null; output: readonly Line[]; errors: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, "peer"], {
    timeout: PATIENCE_MS,
    encoding: "utf8",
    input: lines.join("\n"),
  });
  const output = stdout.split("\n").filter((line) => line !== "");
  return { status, output: output.map((line) => JSON.parse(line) as Line), errors: stderr };
}

/** Settings by which a join expires after the shortest time, ten seconds. */
const HASTY = {
  commit_inactivity_ms: 10,
  freeze_ms: 10,
  recovery_inactivity_ms: 10,
  consensus_timeout_ms: 1_000,
  voting_delay_ms: 100,
  election_voting_delay_ms: 100,
};

describe("demls peer in its own process", () => {
  test("writes JSON lines only, rejects invalid ones, and ends with status 0 at the end of its input", () => {
    const alice = { user: "alice", ...GARDEN };
    const { status, output, errors } = run([
      JSON.stringify({ id: 1, cmd: "new_user", user: "alice", secret_key_hex: secretKey("alice") }),
      "not JSON",
      JSON.stringify({ id: 2, cmd: "x".repeat(4_000_000) }),
      JSON.stringify({ id: 3, cmd: "create_conversation", ...alice }),
      `${JSON.stringify({ id: 4, cmd: "send_message", ...alice, text: "a\u2028b" })}\r`,
      JSON.stringify({ id: 5, cmd: "list", user: "alice" }),
    ]);
    expect(output.map(({ type, id, ok }) => (type === "reply" ? [id, ok] : type))).toEqual([
      "ready",
      [1, true],
      [undefined, false],
      [2, false],
      "subscribe",
      "lifecycle",
      [3, true],
      "packet",
      [4, true],
      [5, true],
    ]);
    expect(output.find(({ type }) => type === "packet")?.["meaning"]).toMatchObject({ text: "a\u2028b" });
    expect(output.at(-1)?.["result"]).toEqual(["garden"]);
    expect(errors).toBe("");
    expect(status).toBe(0);
  });

  test("polls by itself with --tick-ms, and ends with status 0 at quit with an open input", async () => {
    const child = spawn(process.execPath, [BIN, "peer", "--tick-ms", "5"]);
    const exited = once(child, "exit");
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const give = (fields: object): boolean => child.stdin.write(`${JSON.stringify(fields)}\n`);
    const next = async (): Promise<Line> =>
      JSON.parse(((await lines.next()).value ?? "null") as string) as Line;
    const nextOf = async (type: string): Promise<Line> => {
      for (;;) {
        const line = await next();
        if (line.type === type) return line;
      }
    };
    expect(await next()).toMatchObject({ type: "ready", pid: child.pid });
    give({ cmd: "new_user", user: "alice", secret_key_hex: secretKey("alice") });
    give({ cmd: "join", user: "alice", ...GARDEN, config: HASTY, deadline_ms: 1_000 });
    // Without members and poll commands: the join expires by the automatic polls.
    expect(await nextOf("event")).toMatchObject({ user: "alice", event: "leaving" });
    give({ cmd: "quit", id: "last" });
    expect(await nextOf("reply")).toEqual({ type: "reply", id: "last", ok: true, result: null });
    expect(await exited).toEqual([0, null]);
  });
});
