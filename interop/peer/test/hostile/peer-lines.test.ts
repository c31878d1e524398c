import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonMutation, mutateJson } from "../../../../hostile/json-mutation.js";
import { keeping, knowingPlaces, replaying } from "../../../../hostile/regressions.js";
import { createTries, trying } from "../../../../hostile/runs.js";
import { parseCommandLine } from "../../src/protocol/protocol-line.js";
import { founded, GARDEN, newUser, secretKey } from "../peer-garden.js";

const LINES = 10_000;
const COMMANDS = 400;

const user = "alice";
const peer = await founded();
await newUser(peer, "bob");
const tries = createTries();

/** Random commands, without those that would only fill the memory with members and groups. */
const genuine = [
  { cmd: "state", user, ...GARDEN },
  { cmd: "list", user },
  { cmd: "send_message", user, ...GARDEN, text: "hello" },
  { cmd: "vote", user, ...GARDEN, proposal_id: 1, vote: true },
  { cmd: "remove", user, ...GARDEN, target: "aa".repeat(20) },
  { cmd: "ban_request", user, ...GARDEN, target: "aa".repeat(20) },
  { cmd: "send_sync", user, ...GARDEN },
  { cmd: "poll", user },
  { cmd: "inbound", user, ...GARDEN, payload_b64: "AAEAAg==", subtopic: "app_msg", app_id: "aa" },
  { cmd: "new_user", user: "carol", secret_key_hex: secretKey("carol").slice(2), config: { freeze_ms: 1 } },
].map((command, id) => JSON.stringify({ id, ...command }));

const hostileLine = fc
  .tuple(fc.nat(0xffff), fc.array(jsonMutation, { maxLength: 3 }))
  .map(([index, mutations]) => mutateJson(genuine[index % genuine.length] ?? "", mutations));

function checkLine(line: string): void {
  const id = parseCommandLine(line)?.["id"];
  expect(typeof id === "object" && id !== null).toBe(false);
}

async function checkCommand(line: string): Promise<void> {
  const reply = await peer.write(line.replaceAll("\n", " "));
  expect(typeof reply["ok"]).toBe("boolean");
  expect(peer.diagnostics).toEqual([]);
}

test("A random line parses to a command with a valid id, or is rejected", async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(hostileLine, fc.json(), fc.string()), async (line) => {
      tries.note("line");
      await keeping("peer line", Buffer.from(line), () => checkLine(line));
    }),
    trying(LINES),
  );
});

test("A peer answers each random line, never quotes a key, and reports no internal error", async () => {
  await fc.assert(
    fc.asyncProperty(hostileLine, async (line) => {
      tries.note("command");
      await keeping("peer command", Buffer.from(line), () => checkCommand(line));
    }),
    trying(COMMANDS),
  );
  expect(JSON.stringify(peer.output)).not.toContain(secretKey("carol").slice(2, -2));
});

test("The hostile runs reached their counts", () =>
  tries.expectAtLeast({ line: LINES, command: COMMANDS }, LINES + COMMANDS));

const folder = new URL("regressions/", import.meta.url);
knowingPlaces(folder, ["peer line", "peer command"]);
replaying(folder, {
  "peer line": (bytes) => checkLine(Buffer.from(bytes).toString()),
  "peer command": (bytes) => checkCommand(Buffer.from(bytes).toString()),
});
