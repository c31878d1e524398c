import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_LINE_LENGTH } from "../src/protocol/protocol-line.js";
import { startPeer } from "./peer-driver.js";
import { founded, GARDEN, newUser, secretKey } from "./peer-garden.js";

const KEY = secretKey("bob");
const DEEP = "[".repeat(200_000) + "]".repeat(200_000);

/** Valid fields for every command; a command ignores unknown fields. */
const FIELDS = { user: "alice", ...GARDEN };

describe("The command new_user", () => {
  test("returns the identity and the signature key", async () => {
    const created = await newUser(startPeer(), "alice");
    expect(created.identity).toMatch(/^[0-9a-f]{40}$/);
    expect(created.display.toLowerCase()).toBe(`0x${created.identity}`);
    expect(created.identity_string).toBe(created.display);
    expect(created.mls_signature_public).toMatch(/^[0-9a-f]{64}$/);
  });

  test.each([
    ["too short by a byte", KEY.slice(2)],
    ["too long by a byte", `${KEY}00`],
    ["empty", ""],
    ["zero", "00".repeat(32)],
    ["beyond the group's order", "ff".repeat(32)],
    ["not hex", `${KEY.slice(1)}x`],
    ["of half a byte more", `${KEY}0`],
    ["bytes in a list", [...Buffer.from(KEY, "hex")]],
    ["in an object", { hex: KEY }],
    ["missing", undefined],
  ])("is refused with a key that is %s", async (_, secret_key_hex) => {
    const peer = startPeer();
    expect(await peer.ask("new_user", { user: "bob", secret_key_hex })).toMatchObject({
      ok: false,
      error: expect.stringMatching(/\[invalid-(secret-key|field)\]$/),
    });
    await newUser(peer, "bob");
    expect(await peer.call("list", { user: "bob" })).toEqual([]);
    expect(JSON.stringify(peer.output) + peer.diagnostics.join()).not.toContain(KEY.slice(2, -2));
  });

  test("never quotes the key in an error", async () => {
    const peer = startPeer();
    await newUser(peer, "bob");
    const command = { cmd: "new_user", user: "bob", secret_key_hex: KEY };
    const lines = [
      JSON.stringify(command),
      JSON.stringify(command).slice(0, -1),
      JSON.stringify({ ...command, cmd: KEY }),
      JSON.stringify({ ...command, user: ["bob"] }),
      JSON.stringify({ ...command, user: "carol", config: { [KEY]: KEY } }),
      JSON.stringify({ ...command, user: "carol", config: { freeze_ms: KEY } }),
      JSON.stringify({ ...command, user: "carol", config: { compatibility: KEY } }),
      JSON.stringify([command]),
    ];
    for (const line of lines) expect(await peer.write(line)).toMatchObject({ ok: false });
    expect(JSON.stringify(peer.output) + peer.diagnostics.join()).not.toContain(KEY);
  });
});

describe("A peer", () => {
  test.each([
    ["words", "hello"],
    ["an empty line", ""],
    ["a list", "[1]"],
    ["null", "null"],
    ["half an object", '{"cmd":"poll_all"'],
    ["two objects", '{"cmd":"poll_all"}{"cmd":"poll_all"}'],
    ["a list nested without end", DEEP],
    ["an id nested without end", `{"cmd":"poll_all","id":${DEEP}}`],
    ["an object for an id", '{"cmd":"poll_all","id":{}}'],
    ["a command beyond the longest line", `{"cmd":"poll_all","pad":"${".".repeat(MAX_LINE_LENGTH)}"}`],
  ])("refuses %s in place of a command and goes on", async (_, line) => {
    const peer = startPeer();
    expect(await peer.write(line)).toEqual({
      type: "reply",
      ok: false,
      error: expect.stringContaining("not a JSON object") as unknown,
    });
    expect(await peer.call("poll_all")).toBeNull();
    expect(peer.diagnostics).toEqual([]);
  });

  test.each([
    [undefined, {}, "no such command"],
    [["list"], {}, "no such command"],
    ["dance", {}, "no such command"],
    ["constructor", {}, "no such command"],
    ["state", { user: undefined }, "user takes a string"],
    ["state", { user: ["alice"] }, "user takes a string"],
    ["state", { user: "zoe" }, "no such user"],
    ["state", { user: "__proto__" }, "no such user"],
    ["state", { conversation_id: "shed" }, "not in that conversation"],
    ["state", { conversation_id: 7 }, "conversation_id takes a string"],
    ["vote", { proposal_id: 1, vote: "yes" }, "true or false"],
    ["vote", { proposal_id: 1, vote: true }, "unknown-proposal"],
    ["vote", { proposal_id: -1, vote: true }, "whole number"],
    ["vote", { proposal_id: 2 ** 32, vote: true }, "whole number"],
    ["remove", { identity_hex: "00" }, "not-a-member"],
    ["remove", { identity_hex: "xy" }, "takes hex"],
    ["remove", { identity_hex: "00", creator_vote: "no" }, "one of yes, deferred"],
    ["ban_request", {}, "identity_hex takes a string"],
    ["propose", { request_hex: "" }, "incomplete-request"],
    ["propose", { request_hex: "1a00" }, "incomplete-request"],
    ["propose", { request_hex: "ff" }, "ConversationUpdateRequest"],
    ["invite", { key_package_b64: "A=" }, "standard base64"],
    ["invite", { key_package_b64: "AA-_" }, "standard base64"],
    ["invite", { key_package_b64: "AAAA" }, "invalid-key-package"],
    ["invite", { key_package_b64: "AAAA", mode: "now" }, "one of buffer"],
    ["send_message", {}, "text takes a string"],
    ["send_message", { text: "x".repeat(300_000) }, "message-too-large"],
    ["send_key_package", {}, "already-joined"],
    ["inbound", { subtopic: "app_msg", app_id: "00" }, "payload_b64 takes a string"],
    ["inbound", { subtopic: "app_msg", app_id: "0", payload_b64: "" }, "app_id takes hex"],
    ["inbound", { subtopic: 1, app_id: "00", payload_b64: "" }, "subtopic takes a string"],
    ["encrypt_raw", { app_message_hex: null }, "app_message_hex takes a string"],
    ["create_conversation", {}, "conversation-exists"],
    ["create_conversation", { conversation_id: "" }, "invalid-conversation-name"],
    ["create_conversation", { conversation_id: "a", config: [] }, "config takes an object"],
    ["create_conversation", { conversation_id: "a", config: { freeze: 1 } }, "settings"],
    ["create_conversation", { conversation_id: "a", config: { freeze_ms: "1" } }, "a number"],
    ["create_conversation", { conversation_id: "a", config: { threshold: 0.5 } }, "whole number"],
    ["create_conversation", { conversation_id: "a", config: { sn_min: 0 } }, "snMin"],
    ["create_conversation", { conversation_id: "a", config: { compatibility: "4" } }, "strict"],
    ["join", { conversation_id: "a", config: { proposal_expiration_ms: 999 } }, "invalid-config"],
    ["new_user", { secret_key_hex: KEY }, "has a user of that name"],
    ["new_user", { user: "bob", secret_key_hex: KEY, verbose: "very" }, "true or false"],
    ["new_user", { user: "bob", secret_key_hex: KEY, config: { freeze_ms: 0 } }, "invalid-config"],
    ["new_user", { user: "bob", secret_key_hex: KEY, config: { sn_min: 0 } }, "invalid-steward"],
    ["new_user", { user: "bob", secret_key_hex: KEY, config: { threshold: "9".repeat(19) } }, "scoring"],
    ["tick", { ms: 0.5 }, "whole number"],
  ])("rejects the command %j with %j and continues", async (cmd, fields, reason) => {
    const peer = await founded();
    const reply = await peer.write(JSON.stringify({ id: "it", cmd, ...FIELDS, ...fields }));
    expect(reply).toMatchObject({ type: "reply", id: "it", ok: false });
    expect(reply["error"]).toContain(reason);
    expect(await peer.call("list", { user: "alice" })).toEqual(["garden"]);
    expect(peer.diagnostics).toEqual([]);
  });

  test("answers any line", async () => {
    const peer = await founded();
    const commands = [
      "join",
      "key_package",
      "invite",
      "remove",
      "propose",
      "vote",
      "inbound",
      "poll",
      "tick",
    ];
    const odd = fc.oneof(fc.constantFrom("alice", "garden", "welcome", "app_msg"), fc.jsonValue());
    const fields = [
      "user",
      "conversation_id",
      "payload_b64",
      "subtopic",
      "app_id",
      "proposal_id",
      "vote",
      "ms",
    ];
    const command = fc.record({
      cmd: fc.constantFrom(...commands),
      ...Object.fromEntries(fields.map((name) => [name, odd])),
    });
    const line = fc.oneof(
      fc.string(),
      fc.json(),
      command.map((given) => JSON.stringify(given)),
    );
    await fc.assert(
      fc.asyncProperty(line, async (text) => {
        expect(typeof (await peer.write(text))["ok"]).toBe("boolean");
      }),
      { numRuns: 300 },
    );
    expect(await peer.call("list", { user: "alice" })).toContain("garden");
    expect(peer.diagnostics).toEqual([]);
  });

  test.each(["first", 7, null])("repeats the id %j of a command in its reply", async (id) => {
    const peer = startPeer();
    const reply = { type: "reply", id, ok: true, result: null };
    expect(await peer.write(JSON.stringify({ cmd: "poll_all", id }))).toEqual(reply);
  });

  test("replies without an id to a command without one", async () => {
    const reply = { type: "reply", ok: true, result: null };
    expect(await startPeer().write('{"cmd":"poll_all"}')).toEqual(reply);
  });
});
