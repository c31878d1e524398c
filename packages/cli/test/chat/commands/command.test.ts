import { describe, expect, test } from "vitest";
import { COMMAND_HELP, parseCommand } from "../../../src/chat/commands/command.js";

describe("An input line", () => {
  test.each([
    ["hello", { kind: "send", text: "hello" }],
    [" /who said that", { kind: "send", text: " /who said that" }],
    ["//etc/hosts", { kind: "send", text: "/etc/hosts" }],
    ["", { kind: "nothing" }],
    ["   ", { kind: "nothing" }],
    ["/vote 12 yes", { kind: "vote", number: 12, choice: true }],
    ["/vote #3 N", { kind: "vote", number: 3, choice: false }],
    ["/vote 4294967295 no", { kind: "vote", number: 4_294_967_295, choice: false }],
    ["/VOTE 3 no  ", { kind: "vote", number: 3, choice: false }],
    ["/ban bob~81c2", { kind: "ban", member: "bob~81c2" }],
    ["/unban bob", { kind: "unban", member: "bob" }],
    ["/verify bob", { kind: "verify", member: "bob", verified: undefined }],
    ["/verify 0x81c2 Yes", { kind: "verify", member: "0x81c2", verified: true }],
    ["/verify bob n", { kind: "verify", member: "bob", verified: false }],
    ["/why", { kind: "why", count: 10 }],
    ["/why 100", { kind: "why", count: 100 }],
    ["/dial /ip4/127.0.0.1/tcp/4001", { kind: "dial", address: "/ip4/127.0.0.1/tcp/4001" }],
    ["/leave", { kind: "leave" }],
    ["/offline", { kind: "offline" }],
  ])("%j parses to %j", (line, command) => {
    expect(parseCommand(line)).toEqual(command);
  });

  test.each(["/dance", "/", "/constructor", "/__proto__", "/ who"])("%j is an unknown command", (line) => {
    expect(() => parseCommand(line)).toThrow(expect.objectContaining({ code: "unknown-command" }));
  });

  test.each([
    "/vote",
    "/vote 1",
    "/vote x yes",
    "/vote 1 maybe",
    "/vote 1 constructor",
    "/vote 1 yes please",
    "/vote -1 yes",
    "/vote 1e3 yes",
    "/ban",
    "/ban a b",
    "/verify",
    "/verify bob maybe",
    "/verify bob yes please",
    "/why 101",
    "/why 1 2",
    "/leave now",
    "/dial",
  ])("%j has invalid arguments", (line) => {
    expect(() => parseCommand(line)).toThrow(expect.objectContaining({ code: "invalid-command" }));
  });

  test("has help text of limited width for each command", () => {
    expect(COMMAND_HELP).toContain("/vote NUMBER yes|no     vote by hand");
    for (const line of COMMAND_HELP) expect(line.length).toBeLessThan(78);
  });
});
