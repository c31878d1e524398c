import { memberIdFromBytes, utf8ToBytes } from "@demls/wire/core";
import { expect, test } from "vitest";
import { commitAmong, groupOf, member } from "../group-members.js";

test("A joiner identifies the committer that added it, for any member", async () => {
  const [alice, bob] = await groupOf(["alice", "bob", "carol"]);
  if (alice === undefined || bob === undefined) throw new Error("Somebody is missing.");
  for (const [host, guest, other] of [
    [bob, "dave", alice],
    [alice, "erin", bob],
  ] as const) {
    const joiner = await member(guest);
    const keyPackage = await joiner.generateKeyPackage();
    const change = { kind: "add", keyPackage: keyPackage.bytes } as const;
    const candidate = await commitAmong(host, [other], [change]);
    const outcome = await joiner.join(candidate.welcome ?? new Uint8Array(), [keyPackage]);
    expect(outcome).toMatchObject({ kind: "joined", admittedBy: host.mls.identity });
  }
  expect(bob.mls.identity).toBe(memberIdFromBytes(utf8ToBytes("bob")));
});
