import { describe, expect, test } from "vitest";
import { joinCommand, type JoinCommandOptions } from "../../../src/chat/view/join-command.js";

const HERE = "/ip4/127.0.0.1/tcp/4001/p2p/12D3KooW";
const ELSEWHERE = "/ip4/192.0.2.7/tcp/4001/p2p/12D3KooW";
const joinOptions: JoinCommandOptions = { command: "npm run chat --", framing: "plain" };

describe("The join command", () => {
  test("for another machine contains the program and the address", () => {
    expect(joinCommand(joinOptions, "garden", ELSEWHERE, "--profile 2")).toBe(
      `npm run chat -- garden --dial ${ELSEWHERE}`,
    );
  });

  test("for the same machine contains what another person needs there, if anything", () => {
    const here = `npm run chat -- garden --dial ${HERE}`;
    expect(joinCommand(joinOptions, "garden", HERE, "--profile 2")).toBe(`${here} --profile 2`);
    expect(joinCommand(joinOptions, "garden", HERE, undefined)).toBe(here);
  });

  test("quotes special characters of the shell, and contains a framing other than the default", () => {
    expect(joinCommand({ ...joinOptions, framing: "waku" }, "our garden", ELSEWHERE, undefined)).toBe(
      `npm run chat -- 'our garden' --dial ${ELSEWHERE} --framing waku`,
    );
  });
});
