import { bytesToHex, memberIdFromBytes, utf8ToBytes } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import { LEAF_BINDING, STRICT_MARKER } from "../../src/index.js";
import { commitAmong, groupOf, member, welcomeAll } from "../group-members.js";

describe("a new group", () => {
  test("starts in epoch 0 with only its creator", async () => {
    const alice = await member("alice");
    const group = await alice.createGroup("gärten 🌻");
    expect(group).toMatchObject({
      groupId: "67c3a47274656e20f09f8cbb",
      name: "gärten 🌻",
      epoch: 0n,
      self: alice.identity,
      members: [alice.identity],
      requiredExtensions: [],
      supportedExtensions: [STRICT_MARKER, LEAF_BINDING],
    });
  });

  test("keeps members in agreement on epoch, members and authenticator as it changes", async () => {
    const everyone = await groupOf(["alice", "bob", "carol"]);
    const [alice, bob, carol] = everyone;
    if (!alice || !bob || !carol) throw new Error("unreachable");
    expect(new Set(everyone.map(({ group }) => bytesToHex(group.epochAuthenticator))).size).toBe(1);
    expect(carol.group.members).toEqual([alice.mls.identity, bob.mls.identity, carol.mls.identity]);

    await commitAmong(carol, [alice], [{ kind: "remove", member: bob.mls.identity }]);
    expect(alice.group.epoch).toBe(2n);
    expect(alice.group.epochAuthenticator).toEqual(carol.group.epochAuthenticator);
    expect(alice.group.members).toEqual([alice.mls.identity, carol.mls.identity]);

    const grown = await welcomeAll([alice, carol], [await member("dave"), await member("erin")]);
    expect(new Set(grown.map(({ group }) => bytesToHex(group.epochAuthenticator))).size).toBe(1);
    expect(alice.group.members[1]).toBe(memberIdFromBytes(utf8ToBytes("dave")));
  });
});
