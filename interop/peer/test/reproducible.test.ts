import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { GARDEN, secretKey } from "./peer-garden.js";

const BIN = fileURLToPath(new URL("../../../packages/cli/bin/demls.js", import.meta.url));
const START_MS = Date.UTC(2026, 10, 21);

/** The output of a reproducible peer for these lines, without the line with its process id. */
function printed(seed: string, lines: readonly object[]): readonly string[] {
  const { stdout } = spawnSync(process.execPath, [BIN, "peer", "--reproducible", seed], {
    encoding: "utf8",
    timeout: 100_000,
    input: lines.map((line) => `${JSON.stringify(line)}\n`).join(""),
  });
  return stdout.split("\n").slice(1);
}

/** Alice creates the garden, votes for bob and commits. This uses random keys, signatures and a welcome. */
function founding(): readonly object[] {
  const config = { commit_inactivity_ms: 500, freeze_ms: 450, voting_delay_ms: 300 };
  const user = (name: string): object => ({
    cmd: "new_user",
    user: name,
    secret_key_hex: secretKey(name),
    config,
  });
  const polls = Array.from({ length: 40 }, (_, n) => ({ cmd: "poll_all", at_ms: START_MS + 100 * n }));
  return [
    { ...user("alice"), at_ms: START_MS },
    user("bob"),
    { cmd: "create_conversation", user: "alice", ...GARDEN },
    { cmd: "join", user: "bob", ...GARDEN },
    { cmd: "send_key_package", user: "bob", ...GARDEN },
    { cmd: "send_message", user: "alice", ...GARDEN, text: "anyone?" },
    ...polls,
    { cmd: "state", user: "alice", ...GARDEN },
  ];
}

describe("a reproducible peer", () => {
  test("prints the same for the same lines and seed, keys and ciphertexts included", () => {
    const first = printed("tea", founding());
    expect(first.some((line) => line.includes('"subtopic":"welcome"'))).toBe(true);
    expect(printed("tea", founding())).toEqual(first);
    expect(printed("coffee", founding())).not.toEqual(first);
  });

  test("uses the time of its lines, which never goes back", () => {
    const alice = { user: "alice", ...GARDEN };
    const [create, ...rest] = founding();
    const later = [{ ...create, at_ms: START_MS + 1_000 }, ...rest];
    expect(printed("tea", later)).not.toEqual(printed("tea", founding()));
    const [reply] = printed("tea", [{ cmd: "list", ...alice, at_ms: "noon" }]);
    expect(reply).toContain("at_ms");
    expect(reply).toContain('"ok":false');
  });

  test("rejects --tick-ms, since its lines carry the time", () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      [BIN, "peer", "--reproducible", "tea", "--tick-ms", "5"],
      { encoding: "utf8" },
    );
    expect(status).toBe(2);
    expect(stderr).toContain("--tick-ms");
  });
});
