import { bytesToHex, utf8ToBytes } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import {
  approveBan,
  castOf,
  environmentOf,
  eventsOf,
  gatherInEachMode,
  MODES,
  send,
  sendUnchecked,
  settle,
  take,
  until,
  type Member,
  type World,
} from "../harness/index.js";

const inMode = await gatherInEachMode(["alice", "bob", "carol", "dave", "erin"]);

/** The wall clock of a member in milliseconds. */
function clockOf(world: World, member: Member): number {
  return environmentOf(world, member).nowWallMs;
}

describe.each(MODES)("A chat message in %s mode", (mode) => {
  test("has one id and one time of sending at its sender and at all receivers", async () => {
    const { world, members } = await inMode(mode);
    const [writer, ...readers] = members as [Member, ...Member[]];
    world.nowMs += 123;
    const sentAtMs = clockOf(world, writer);
    const { effects } = await send(world, writer, "hello");
    const { id } = effects.find(({ kind }) => kind === "sealed") as { readonly id: string };
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    world.nowMs += 5_000;
    await settle(world);
    for (const reader of readers)
      expect(eventsOf(reader, "message")).toMatchObject([{ text: "hello", id, sentAtMs }]);
  });

  test("has another id than an equal message before it", async () => {
    const { world, members } = await inMode(mode);
    const [writer, reader] = members as [Member, Member];
    await send(world, writer, "hello", 1);
    await send(world, writer, "hello", 2);
    await settle(world);
    expect(new Set(eventsOf(reader, "message").map(({ id }) => id)).size).toBe(2);
  });

  test.runIf(mode === "de-mls-3")(
    "queued during a freeze keeps the id and the time of the call",
    async () => {
      const { world } = await inMode(mode);
      const [target, writer] = castOf(world).others;
      const staying = world.members.filter((member) => member !== target);
      await approveBan(world, writer, target);
      world.nowMs += 60_000;
      await take(world, writer, { kind: "tick" });
      expect(writer.state.phase).toBe("freezing");
      const sentAtMs = clockOf(world, writer);
      await send(world, writer, "held", 7);
      world.nowMs += 1_000;
      const id = bytesToHex(writer.state.chat.queued[0]?.id ?? new Uint8Array());
      expect(id).toMatch(/^[0-9a-f]{32}$/);
      await until(world, () => staying.every(({ state }) => state.group?.epoch === 2n));
      await settle(world);
      expect(writer.state.chat.queued).toEqual([]);
      for (const reader of staying.filter((member) => member !== writer))
        expect(eventsOf(reader, "message")).toMatchObject([{ text: "held", id, sentAtMs }]);
    },
  );

  test.each([0, 1, 15, 17, 10_000])("with an id of %i bytes has its place as its id", async (length) => {
    const { world, members } = await inMode(mode);
    const [mallory, reader] = members as [Member, Member];
    await sendUnchecked(world, mallory, { ...BARE, id: new Uint8Array(length).fill(1) });
    await settle(world);
    expect(eventsOf(reader, "message")).toMatchObject([{ text: "bare", id: PLACE }]);
  });

  test.each([
    [8_640_000_000_000_000n, 8_640_000_000_000_000],
    [8_640_000_000_000_001n, undefined],
    [2n ** 53n, undefined],
    [2n ** 64n - 1n, undefined],
  ])("with the time %i has the time %s", async (sentAtMs, expected) => {
    const { world, members } = await inMode(mode);
    const [mallory, reader] = members as [Member, Member];
    await sendUnchecked(world, mallory, { ...BARE, sentAtMs });
    await settle(world);
    expect(eventsOf(reader, "message")[0]?.sentAtMs).toBe(expected);
  });

  test("of a member on 3.0.0, without both fields, has its place as its id, and no time", async () => {
    const { world, members } = await inMode(mode);
    const [rust, reader] = members as [Member, Member];
    await sendUnchecked(world, rust, BARE);
    await settle(world);
    expect(eventsOf(reader, "message")).toMatchObject([{ text: "bare", id: PLACE, sentAtMs: undefined }]);
  });
});

/** Epoch, leaf and number. */
const PLACE = expect.stringMatching(/^[0-9]+\.[0-9]+\.[0-9]+$/) as string;

/** The fields of a chat message of 3.0.0. */
const BARE = {
  kind: "conversation_message",
  message: utf8ToBytes("bare"),
  sender: "bare",
  conversationName: "garden",
} as const;
