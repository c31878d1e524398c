import { createSeededRandom } from "@demls/testkit";
import { putRecord } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import { changePassphrase } from "../../../src/chat/store/change-passphrase.js";
import { openKeptChat, type KeptChat } from "../../../src/chat/store/kept-chat.js";
import { createPassphraseSource, type PassphraseSource } from "../../../src/chat/store/passphrase.js";
import { findProfile, openProfile, type Profile } from "../../../src/chat/store/profile.js";
import { createMemoryFiles, type MemoryFiles } from "../harness/memory-files.js";

const random = createSeededRandom("change passphrase");
const ENV = { XDG_DATA_HOME: "/data" };
/** The cheapest. The tests of profiles have the default. */
const scrypt = { n: 2, r: 1, p: 1 };
const CHATS = ["our garden", "cellar"];

let files: MemoryFiles;
beforeEach(() => void (files = createMemoryFiles()));

/** A source of a passphrase, or of none. */
const given = (passphrase?: string): PassphraseSource =>
  createPassphraseSource({
    ...{ file: undefined, files, ask: undefined },
    env: passphrase === undefined ? {} : { DEMLS_PASSPHRASE: passphrase },
  });

const place = () => findProfile({ kind: "profile", name: "default" }, ENV, { files, random, scrypt });

async function profile(passphrase?: string): Promise<Profile> {
  return openProfile(await place(), given(passphrase), { files, random, scrypt });
}

async function change(from: string | undefined, to: string): Promise<void> {
  await changePassphrase(await place(), given(from), given(to), { files, random, scrypt });
}

const open = (of: Profile, chat: string, isKept = true): Promise<KeptChat> =>
  openKeptChat(of, chat, { files, random, scrypt }, isKept);

/** Keeps two conversations, one of them without a summary yet. */
async function keep(of: Profile): Promise<void> {
  for (const name of CHATS) {
    const chat = await open(of, name, false);
    await chat.storage.write(
      Array.from({ length: 600 }, (_, i) => putRecord(`n ${i % 3}`, `${i}`, Uint8Array.of(i % 256))),
    );
    const summary = { standing: "member", members: 1, mode: "strict", lastMessageMs: undefined } as const;
    if (name === CHATS[0]) await chat.writeSummary({ name, ...summary });
    await chat.close();
  }
}

async function expectKept(of: Profile): Promise<void> {
  for (const name of CHATS) {
    const chat = await open(of, name);
    const counts = [0, 1, 2].map(async (i) => (await chat.storage.scan(`n ${i}`)).length);
    expect(await Promise.all(counts)).toEqual([200, 200, 200]);
    await chat.close();
  }
}

describe("A profile with a passphrase", () => {
  test("has another one, its key and what it keeps, and the former opens nothing", async () => {
    const before = await profile("tulip");
    await keep(before);
    await change("tulip", "rose");
    const after = await profile("rose");
    expect(after).toMatchObject({ key: before.key });
    await expectKept(after);
    await expect(profile("tulip")).rejects.toMatchObject({ code: "wrong-passphrase" });
  });

  test("is as it was after a wrong or a missing one", async () => {
    await profile("tulip");
    const before = new Map(files.texts);
    await expect(change("thorn", "rose")).rejects.toMatchObject({ code: "wrong-passphrase" });
    const none = changePassphrase(await place(), given("tulip"), given(), { files, random, scrypt });
    await expect(none).rejects.toMatchObject({ code: "passphrase-required" });
    expect(files.texts).toEqual(before);
  });
});

describe("A profile without a passphrase", () => {
  test("has one, and what it keeps is encrypted, with nothing left in the clear", async () => {
    const before = await profile();
    await keep(before);
    await change(undefined, "rose");
    const after = await profile("rose");
    expect(after).toMatchObject({ key: before.key });
    await expectKept(after);
    expect([...files.storages.keys()].every((folder) => folder.endsWith("/encrypted"))).toBe(true);
    for (const storage of files.storages.values()) expect(await storage.scan("n 1")).toEqual([]);
    await expect(profile()).rejects.toMatchObject({ code: "passphrase-required" });
  });

  test("gets none while a chat of it runs, and is as it was", async () => {
    await keep(await profile());
    const running = await open(await profile(), "cellar");
    await expect(change(undefined, "rose")).rejects.toMatchObject({ code: "conversation-in-use" });
    await running.close();
    await expectKept(await profile());
  });

  test("has all that it keeps if the process dies before or after the change of its file", async () => {
    await keep(await profile());
    const replace = files.replace;
    const dying =
      (when: "before" | "after"): MemoryFiles["replace"] =>
      async (path, text) => {
        if (when === "after") await replace(path, text);
        throw new Error("killed");
      };
    files.replace = dying("before");
    await expect(change(undefined, "rose")).rejects.toThrow("killed");
    await expectKept(await profile());
    files.replace = dying("after");
    await expect(change(undefined, "rose")).rejects.toThrow("killed");
    files.replace = replace;
    await expectKept(await profile("rose"));
    expect([...files.storages.keys()].every((folder) => folder.endsWith("/encrypted"))).toBe(true);
  });

  test("that does not exist is not made", async () => {
    await expect(change(undefined, "rose")).rejects.toMatchObject({ code: "no-profile" });
    expect(files.texts.size).toBe(0);
  });
});
