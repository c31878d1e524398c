import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { joinCommand, type JoinCommandOptions } from "../../../src/chat/view/join-command.js";

const HERE = "/ip4/127.0.0.1/tcp/4001/p2p/12D3KooW";
const ELSEWHERE = "/ip4/192.0.2.7/tcp/4001/p2p/12D3KooW";
const joinOptions: JoinCommandOptions = {
  command: "npm run chat --",
  framing: "plain",
  identityFile: "/keys/identity.json",
};

describe("The join command", () => {
  test("for another machine contains the program and the address", () => {
    expect(joinCommand(joinOptions, "garden", ELSEWHERE)).toBe(`npm run chat -- garden --dial ${ELSEWHERE}`);
  });

  test.each([
    ["/keys/identity.json", "/keys/identity-2.json"],
    ["/keys/identity-2.json", "/keys/identity-3.json"],
    ["/keys/my keys", "'/keys/my keys-2'"],
    ["ada.json", resolve("ada-2.json")],
  ])("from the same machine, where %s is in use, has another identity", (identityFile, other) => {
    expect(joinCommand({ ...joinOptions, identityFile }, "garden", HERE)).toBe(
      `npm run chat -- garden --dial ${HERE} --identity ${other}`,
    );
  });

  test("for the same machine contains no identity file if this user has none", () => {
    const { command, framing } = joinOptions;
    expect(joinCommand({ command, framing, identityFile: undefined }, "garden", HERE)).not.toContain(
      "--identity",
    );
  });

  test("quotes special characters of the shell, and contains a framing other than the default", () => {
    expect(joinCommand({ ...joinOptions, framing: "waku" }, "our garden", ELSEWHERE)).toBe(
      `npm run chat -- 'our garden' --dial ${ELSEWHERE} --framing waku`,
    );
  });
});
