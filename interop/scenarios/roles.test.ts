import { describe, expect, test } from "vitest";
import { expectAgreement, expectGone } from "../driver/divergence/agreement.js";
import type { Member } from "../driver/member.js";
import type { Kind } from "../driver/peer.js";
import { createGroup, withNetwork } from "./harness.js";

type Trio = [Member, Member, Member];

describe("Members on both implementations in one conversation", () => {
  test.concurrent.each<{ kinds: readonly Kind[] }>([
    { kinds: ["ts", "rust"] },
    { kinds: ["rust", "ts"] },
    { kinds: ["ts", "rust", "ts"] },
    { kinds: ["rust", "ts", "rust"] },
    { kinds: ["rust", "rust", "ts"] },
    { kinds: ["ts", "ts", "rust"] },
    { kinds: ["rust", "ts", "rust", "ts", "rust"] },
    { kinds: ["ts", "rust", "rust", "ts", "ts"] },
    { kinds: ["ts", "rust", "ts", "rust", "ts", "rust", "ts", "rust"] },
    { kinds: ["rust", "ts", "rust", "ts", "rust", "ts", "rust", "ts"] },
  ])("join one by one and agree after every epoch: $kinds", async ({ kinds }) => {
    await withNetwork({}, async (network) => {
      await createGroup(network, kinds);
    });
  });

  test.concurrent.each<{ kinds: readonly Kind[] }>([
    { kinds: ["ts", "rust", "ts"] },
    { kinds: ["rust", "ts", "rust"] },
    { kinds: ["ts", "ts", "rust"] },
    { kinds: ["rust", "rust", "ts"] },
  ])("ban the last of $kinds at the first's request", async ({ kinds }) => {
    await withNetwork({}, async (network) => {
      const [asker, staying, banned] = (await createGroup(network, kinds)) as Trio;
      await network.call(asker, "ban_request", { identity_hex: banned.identity });
      await expectGone(network, banned);
      await expectAgreement(network, [asker, staying]);
    });
  });

  test.concurrent.each<{ kinds: readonly Kind[] }>([
    { kinds: ["ts", "rust", "ts"] },
    { kinds: ["rust", "ts", "rust"] },
    { kinds: ["ts", "ts", "rust"] },
    { kinds: ["rust", "rust", "ts"] },
  ])("let the creator of $kinds leave", async ({ kinds }) => {
    await withNetwork({}, async (network) => {
      const [creator, ...staying] = (await createGroup(network, kinds)) as Trio;
      await network.call(creator, "leave");
      await expectGone(network, creator);
      await expectAgreement(network, staying);
    });
  });

  test.concurrent.each<{ kinds: readonly Kind[] }>([
    { kinds: ["ts", "rust", "rust"] },
    { kinds: ["rust", "ts", "ts"] },
  ])("let the newest of $kinds leave and join again", async ({ kinds }) => {
    await withNetwork({}, async (network) => {
      const [first, second, leaver] = (await createGroup(network, kinds)) as Trio;
      await network.call(leaver, "leave");
      await expectGone(network, leaver);
      await expectAgreement(network, [first, second]);
      await network.call(leaver, "join");
      await network.call(leaver, "send_key_package");
      await expectAgreement(network, [first, second, leaver]);
    });
  });

  test.concurrent.each<{ kinds: readonly Kind[] }>([
    { kinds: ["rust", "rust", "ts", "rust"] },
    { kinds: ["ts", "rust", "rust", "ts"] },
  ])("continue after the two oldest of $kinds leave and half of the tree is blank", async ({ kinds }) => {
    await withNetwork({}, async (network) => {
      let members = await createGroup(network, kinds);
      for (const name of [members[1]?.name, members[0]?.name]) {
        const leaver = members.find((member) => member.name === name) as Member;
        members = members.filter((member) => member !== leaver);
        await network.call(leaver, "leave");
        await expectGone(network, leaver);
        await expectAgreement(network, members);
      }
    });
  });

  test.concurrent.each<{ kinds: readonly Kind[] }>([{ kinds: ["ts", "rust"] }, { kinds: ["rust", "ts"] }])(
    "let a newcomer in once, though its key package comes twice to $kinds",
    async ({ kinds }) => {
      await withNetwork({}, async (network) => {
        const members = await createGroup(network, kinds);
        network.copyDelays = ({ subtopic }) => (subtopic === "welcome" ? [20, 60] : [20]);
        const newcomer = await network.addJoiner("newcomer", "rust");
        await expectAgreement(network, [...members, newcomer]);
      });
    },
  );

  test.concurrent.each<{ creator: Kind }>([{ creator: "ts" }, { creator: "rust" }])(
    "add two joiners at once, one of each implementation, if $creator created the conversation",
    async ({ creator }) => {
      await withNetwork({}, async (network) => {
        const [first] = (await createGroup(network, [creator])) as [Member];
        const joiners = [
          await network.addJoiner("ts-joiner", "ts"),
          await network.addJoiner("rust-joiner", "rust"),
        ];
        await expectAgreement(network, [first, ...joiners]);
        const epochs = await Promise.all(joiners.map(async (joiner) => (await network.state(joiner))?.epoch));
        expect(epochs.map(Number)).toEqual([1, 1]);
      });
    },
  );
});
