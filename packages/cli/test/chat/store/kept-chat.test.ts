import { createSeededRandom } from "@demls/testkit";
import { putRecord } from "@demls/wire/core";
import { expect, test } from "vitest";
import { openKeptChat, type KeptChat } from "../../../src/chat/store/kept-chat.js";
import type { Profile } from "../../../src/chat/store/profile.js";
import { createMemoryFiles, type MemoryFiles } from "../harness/memory-files.js";

const FOLDER = "/data/demls/default/conversations/our%20garden";

function open(files: MemoryFiles, storageKey?: Uint8Array, isKept = false): Promise<KeptChat> {
  const profile: Profile = {
    name: "default",
    folder: "/data/demls/default",
    key: new Uint8Array(32),
    storageKey,
  };
  return openKeptChat(profile, "our garden", { files, random: createSeededRandom("kept chat") }, isKept);
}

test("A kept chat has its node key, settings and records again when it is opened again", async () => {
  const files = createMemoryFiles();
  const chat = await open(files);
  const nodeKey = Uint8Array.from(chat.nodeKey);
  await chat.remember({ dial: ["/a"], port: 4_001 });
  await chat.remember({ dial: ["/b"] });
  await chat.storage.write([putRecord("user", "a", Uint8Array.of(7))]);
  await chat.close();
  const again = await open(files);
  expect(again.nodeKey).toEqual(nodeKey);
  expect(again.settings).toEqual({ dial: ["/b"], port: 4_001 });
  expect(await again.storage.scan("user")).toEqual([{ key: "a", value: Uint8Array.of(7) }]);
  expect(again.isEncrypted).toBe(false);
});

test("A kept chat is rejected while it is open elsewhere, with a remedy", async () => {
  const files = createMemoryFiles();
  await open(files);
  await expect(open(files)).rejects.toMatchObject({
    code: "conversation-in-use",
    message: "Another process is in our garden already, as the profile default.",
    remedy: expect.stringContaining("--profile NAME") as string,
  });
});

test("A kept chat of a profile with a passphrase shows no record, and another key frees it for the right one", async () => {
  const files = createMemoryFiles();
  const key = new Uint8Array(32).fill(1);
  const chat = await open(files, key);
  await chat.remember({ dial: ["/ip4/192.0.2.7/tcp/4001"] });
  await chat.close();
  const disk = files.storages.get(`${FOLDER}/encrypted`);
  const records = (await disk?.scan("encrypted")) ?? [];
  expect(records.length).toBeGreaterThan(1);
  expect(records.some(({ value }) => Buffer.from(value).includes("192.0.2.7"))).toBe(false);
  expect(await disk?.scan("chat")).toEqual([]);
  await expect(open(files, new Uint8Array(32).fill(2))).rejects.toMatchObject({ code: "wrong-key" });
  expect((await open(files, key)).settings).toEqual({ dial: ["/ip4/192.0.2.7/tcp/4001"] });
});

test("A forgotten chat leaves nothing", async () => {
  const files = createMemoryFiles();
  const chat = await open(files);
  await chat.writeSummary({
    name: "our garden",
    standing: "member",
    members: 1,
    mode: "strict",
    lastMessageMs: undefined,
  });
  await chat.forget();
  expect(files.texts.size + files.storages.size).toBe(0);
});

test.each([undefined, new Uint8Array(32).fill(1)])(
  "A chat that was kept is no beginning if its storage is gone, and the error names the way out",
  async (key) => {
    const files = createMemoryFiles();
    await (await open(files, key)).close();
    await (await open(files, key, true)).close();
    await files.remove(FOLDER);
    await expect(open(files, key, true)).rejects.toMatchObject({
      code: "conversation-lost",
      message: expect.stringContaining("What was kept of our garden is lost.") as string,
      remedy: expect.stringContaining("--forget") as string,
    });
    expect(files.storages.size).toBe(0);
  },
);
