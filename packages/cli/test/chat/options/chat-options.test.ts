import { describe, expect, test } from "vitest";
import { parseChatOptions } from "../../../src/chat/options/chat-options.js";

const NO_ENV = {};
const HERE = "/ip4/127.0.0.1/tcp/4001";

describe("The options of a chat", () => {
  test("require only a name and --create", () => {
    expect(parseChatOptions(["garden", "--create"], NO_ENV)).toMatchObject({
      conversation: "garden",
      create: true,
      dial: [],
      listen: ["/ip4/127.0.0.1/tcp/0"],
      framing: "plain",
      mode: "strict",
      identity: { kind: "file", path: undefined },
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

  test("set a joiner's timeout, independent of the group's settings", () => {
    const args = ["garden", "--dial", HERE, "--patience", "30", "--set", "commitInactivityMs=100"];
    expect(parseChatOptions(args, NO_ENV).config.commitInactivityMs).toBe(10_000);
    expect(
      parseChatOptions(["garden", "--create", "--set", "commitInactivityMs=100"], NO_ENV).config,
    ).toMatchObject({
      commitInactivityMs: 100,
    });
  });

  test("prefer an identity file over the environment variable", () => {
    const env = { DEMLS_KEY: "ab" };
    const identity = (...args: string[]) => parseChatOptions(["garden", "--create", ...args], env).identity;
    expect(identity()).toEqual({ kind: "variable", hex: "ab" });
    expect(identity("--identity", "bob.json")).toEqual({ kind: "file", path: "bob.json" });
    expect(identity("--key", "bob.key")).toEqual({ kind: "keyFile", path: "bob.key" });
  });

  test.each([
    [[], "NAME is required exactly once"],
    [["garden"], "--create or --dial is required"],
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
