import { describe, expect, test } from "vitest";
import { expectAgreement, expectGone } from "../driver/agreement.js";
import type { Kind } from "../driver/peer.js";
import type { Member } from "../driver/world.js";
import { grow, inWorld } from "./growing.js";

type Trio = [Member, Member, Member];

describe("members of both kinds in one conversation", () => {
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
  ])("grow one by one and agree after every epoch: $kinds", async ({ kinds }) => {
    await inWorld({}, async (world) => {
      await grow(world, kinds);
    });
  });

  test.concurrent.each<{ kinds: readonly Kind[] }>([
    { kinds: ["ts", "rust", "ts"] },
    { kinds: ["rust", "ts", "rust"] },
    { kinds: ["ts", "ts", "rust"] },
    { kinds: ["rust", "rust", "ts"] },
  ])("ban the last of $kinds at the first's request", async ({ kinds }) => {
    await inWorld({}, async (world) => {
      const [asker, staying, banned] = (await grow(world, kinds)) as Trio;
      await world.call(asker, "ban_request", { identity_hex: banned.identity });
      await expectGone(world, banned);
      await expectAgreement(world, [asker, staying]);
    });
  });

  test.concurrent.each<{ kinds: readonly Kind[] }>([
    { kinds: ["ts", "rust", "ts"] },
    { kinds: ["rust", "ts", "rust"] },
    { kinds: ["ts", "ts", "rust"] },
    { kinds: ["rust", "rust", "ts"] },
  ])("let the creator of $kinds leave", async ({ kinds }) => {
    await inWorld({}, async (world) => {
      const [creator, ...staying] = (await grow(world, kinds)) as Trio;
      await world.call(creator, "leave");
      await expectGone(world, creator);
      await expectAgreement(world, staying);
    });
  });

  test.concurrent.each<{ kinds: readonly Kind[] }>([
    { kinds: ["ts", "rust", "rust"] },
    { kinds: ["rust", "ts", "ts"] },
  ])("let the newest of $kinds leave, and back in", async ({ kinds }) => {
    await inWorld({}, async (world) => {
      const [first, second, leaver] = (await grow(world, kinds)) as Trio;
      await world.call(leaver, "leave");
      await expectGone(world, leaver);
      await expectAgreement(world, [first, second]);
      await world.call(leaver, "join");
      await world.call(leaver, "send_key_package");
      await expectAgreement(world, [first, second, leaver]);
    });
  });

  test.concurrent.each<{ kinds: readonly Kind[] }>([
    { kinds: ["rust", "rust", "ts", "rust"] },
    { kinds: ["ts", "rust", "rust", "ts"] },
  ])("go on where the two oldest of $kinds leave, and half of the tree is blank", async ({ kinds }) => {
    await inWorld({}, async (world) => {
      let members = await grow(world, kinds);
      for (const name of [members[1]?.name, members[0]?.name]) {
        const leaver = members.find((member) => member.name === name) as Member;
        members = members.filter((member) => member !== leaver);
        await world.call(leaver, "leave");
        await expectGone(world, leaver);
        await expectAgreement(world, members);
      }
    });
  });

  test.concurrent.each<{ kinds: readonly Kind[] }>([{ kinds: ["ts", "rust"] }, { kinds: ["rust", "ts"] }])(
    "let a newcomer in once, though its key package comes twice to $kinds",
    async ({ kinds }) => {
      await inWorld({}, async (world) => {
        const members = await grow(world, kinds);
        world.carriage = ({ subtopic }) => (subtopic === "welcome" ? [20, 60] : [20]);
        const newcomer = await world.addJoiner("newcomer", "rust");
        await expectAgreement(world, [...members, newcomer]);
      });
    },
  );

  test.concurrent.each<{ creator: Kind }>([{ creator: "ts" }, { creator: "rust" }])(
    "take in two at once, of one kind each, where $creator created",
    async ({ creator }) => {
      await inWorld({}, async (world) => {
        const [first] = (await grow(world, [creator])) as [Member];
        const joiners = [
          await world.addJoiner("ts-joiner", "ts"),
          await world.addJoiner("rust-joiner", "rust"),
        ];
        await expectAgreement(world, [first, ...joiners]);
        const epochs = await Promise.all(joiners.map(async (joiner) => (await world.state(joiner))?.epoch));
        expect(epochs.map(Number)).toEqual([1, 1]);
      });
    },
  );
});
