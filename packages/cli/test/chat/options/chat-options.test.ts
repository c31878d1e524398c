import { describe, expect, test } from "vitest";
import { parseChatOptions, type ChatOptions } from "../../../src/chat/options/chat-options.js";

const NO_ENV = {};
/** Options of a chat with a name. */
function parseChat(args: readonly string[], env: Readonly<Record<string, string>> = NO_ENV): ChatOptions {
  const options = parseChatOptions(args, env);
  if (options.kind !== "chat") throw new Error("These options start no chat.");
  return options;
}

const HERE = "/ip4/127.0.0.1/tcp/4001";

test("--change-passphrase goes with the options of a profile only", () => {
  const files = ["--passphrase-file", "old", "--new-passphrase-file", "new"];
  expect(parseChatOptions(["--change-passphrase", "--profile", "work", ...files, "--json"], {})).toEqual({
    ...{ kind: "passphrase", identity: { kind: "profile", name: "work" }, json: true },
    ...{ passphraseFile: "old", newPassphraseFile: "new" },
  });
  for (const other of [["garden"], ["--create"], ["--name", "ada"]])
    expect(() => parseChatOptions([...other, "--change-passphrase"], {})).toThrow("--change-passphrase");
  expect(() => parseChatOptions(["garden", "--new-passphrase-file", "new"], {})).toThrow(
    "--new-passphrase-file",
  );
});

test.each(["--history", "--forget"])("%s goes with no option of a running chat", (option) => {
  for (const other of [["--create"], ["--dial", HERE], option === "--history" ? ["--forget"] : ["--history"]])
    expect(() => parseChatOptions(["garden", option, ...other], NO_ENV)).toThrow("goes with the options");
});

test.each([
  ["NAME takes 1 to 255 bytes", ["é".repeat(128), "--create"]],
  ["NAME takes 1 to 255 bytes", ["", "--create"]],
  ["--name takes a line of 1 to 64 bytes", ["garden", "--create", "--name", "a".repeat(65)]],
  ["--name takes a line of 1 to 64 bytes", ["garden", "--create", "--name", "\u001b[2J"]],
])("%s", (reason, args) => {
  expect(() => parseChatOptions(args, NO_ENV)).toThrow(reason);
});

describe("The options of a chat", () => {
  test("require only a name and --create", () => {
    expect(parseChatOptions(["garden", "--create"], NO_ENV)).toMatchObject({
      conversation: "garden",
      create: true,
      dial: [],
      listen: [],
      framing: undefined,
      mode: "strict",
      identity: { kind: "profile", name: "default" },
      isEphemeral: false,
      name: undefined,
      json: false,
    });
  });

  test("accept several addresses and settings", () => {
    const args = [
      "--dial",
      "/a",
      "garden",
      "--dial",
      "/b",
      "--listen",
      "/c",
      "--set",
      "freezeMs=7",
      "--set",
      "snMax=5",
    ];
    expect(parseChatOptions([...args, "--set", "livenessCriteriaYes=false"], NO_ENV)).toMatchObject({
      dial: ["/a", "/b"],
      listen: ["/c"],
      config: { freezeMs: 7, livenessCriteriaYes: false },
      stewards: { snMax: 5 },
    });
  });

  test("without a name list the conversations of an identity", () => {
    expect(parseChatOptions(["--profile", "bob", "--json"], NO_ENV)).toEqual({
      kind: "list",
      identity: { kind: "profile", name: "bob" },
      json: true,
    });
  });

  test("of an ephemeral chat name no profile, but may name a key", () => {
    const identity = (...args: string[]) =>
      parseChat(["garden", "--create", "--ephemeral", ...args]).identity;
    expect(identity()).toBeUndefined();
    expect(identity("--identity", "bob.json")).toEqual({ kind: "file", path: "bob.json" });
  });

  test("set a joiner's timeout, independent of the group's settings", () => {
    const args = ["garden", "--dial", HERE, "--patience", "30", "--set", "commitInactivityMs=100"];
    expect(parseChat(args)).toMatchObject({ patienceMs: 30_000, config: { commitInactivityMs: 100 } });
  });

  test("prefer an identity file and a profile over the environment variable", () => {
    const env = { DEMLS_KEY: "ab" };
    const identity = (...args: string[]) => parseChat(["garden", "--create", ...args], env).identity;
    expect(identity()).toEqual({ kind: "variable", hex: "ab" });
    expect(identity("--identity", "bob.json")).toEqual({ kind: "file", path: "bob.json" });
    expect(identity("--key", "bob.key")).toEqual({ kind: "keyFile", path: "bob.key" });
    expect(identity("--profile", "bob")).toEqual({ kind: "profile", name: "bob" });
  });

  test.each([
    [["--create"], "NAME is required exactly once"],
    [["garden", "--ephemeral"], "--create or --dial is required"],
    [["garden", "--create", "--profile", "../bob"], "--profile takes 1 to 32 of the characters"],
    [["garden", "--create", "--profile", "x".repeat(33)], "--profile takes 1 to 32 of the characters"],
    [["garden", "--create", "--profile", "bob", "--key", "a"], "--profile excludes --identity and --key"],
    [["garden", "--create", "--profile", "bob", "--ephemeral"], "--profile excludes --ephemeral"],
    [
      ["garden", "--create", "--passphrase-file", "a", "--ephemeral"],
      "--passphrase-file excludes --ephemeral",
    ],
    [["garden", "park", "--create"], "NAME is required exactly once"],
    [["garden", "--create", "--framing", "morse"], '--framing takes plain or waku, not "morse".'],
    [["garden", "--create", "--mode", "lax"], '--mode takes strict or de-mls-3, not "lax".'],
    [["garden", "--dial", HERE, "--mode", "strict"], "--mode requires --create"],
    [["garden", "--dial", ""], "--dial takes a multiaddr"],
    [["garden", "--create", "--set", "freezeMs"], "--set takes NAME=NUMBER"],
    [["garden", "--create", "--set", "freezeMs=-1"], "--set takes NAME=NUMBER"],
    [["garden", "--create", "--patience", "0"], "--patience takes seconds from 1 to 86400"],
    [["garden", "--create", "--key", "a", "--identity", "b"], "--key excludes --identity"],
    [["garden", "--create", "--volume", "11"], "Unknown option '--volume'"],
  ])("reject %j", (args, reason) => {
    expect(() => parseChatOptions(args, NO_ENV)).toThrow(
      expect.objectContaining({ code: "invalid-option", message: expect.stringContaining(reason) as string }),
    );
  });

  test.each([
    ["freezeMs=0", "invalid-config"],
    ["votingDelayMs=50000", "invalid-config"],
    ["warpFactor=9", "invalid-config"],
    ["__proto__=1", "invalid-config"],
    ["snMin=9", "invalid-steward-list-config"],
  ])("reject --set %s", (given, code) => {
    expect(() => parseChatOptions(["garden", "--create", "--set", given], NO_ENV)).toThrow(
      expect.objectContaining({ code }),
    );
  });
});
