import { createVirtualClock } from "@demls/testkit";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { platformRandom as random } from "demls";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createPrivateFiles } from "../../src/chat/files/private-files.js";
import { forgetChat, showHistory, type KeptCommandContext } from "../../src/chat/kept-commands.js";
import type { KeptCommandOptions } from "../../src/chat/options/chat-options.js";
import { openKeptChat } from "../../src/chat/store/kept-chat.js";
import { createPassphraseSource } from "../../src/chat/store/passphrase.js";
import { findProfile, openProfile } from "../../src/chat/store/profile.js";

const files = createPrivateFiles(random);
const identity = { kind: "profile", name: "default" } as const;

let home: string;
let printed: string[];
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "demls-kept-"));
  printed = [];
});
afterEach(() => rm(home, { recursive: true }));

function contextOf(passphrase: string): KeptCommandContext {
  return {
    env: { XDG_DATA_HOME: home, DEMLS_PASSPHRASE: passphrase },
    ...{ files, random, clock: createVirtualClock(), timeZone: "UTC", ask: undefined },
    // The cheapest. The tests of profiles have the default.
    scrypt: { n: 2, r: 1, p: 1 },
    print: (line) => void printed.push(line),
  };
}

/** Keeps a conversation of a member on this machine's disk. @returns the folder of its storage */
async function keep(context: KeptCommandContext): Promise<string> {
  const place = await findProfile(identity, context.env, context);
  const passphrases = createPassphraseSource({ file: undefined, ...context });
  const chat = await openKeptChat(await openProfile(place, passphrases, context), "garden", context, false);
  await chat.remember({ port: 4_001 });
  const rest = { members: 2, mode: "strict", lastMessageMs: undefined } as const;
  await chat.writeSummary({ name: "garden", standing: "member", ...rest });
  await chat.close();
  return join(place.folder, "conversations/garden", chat.isEncrypted ? "encrypted" : "storage");
}

const options = (kind: KeptCommandOptions["kind"]): KeptCommandOptions => ({
  ...{ kind, conversation: "garden", identity, passphraseFile: undefined, json: false },
});

const DAMAGES: readonly (readonly [string, (storage: string) => Promise<void>])[] = [
  ["emptied", (storage) => rm(storage, { recursive: true })],
  [
    "changed",
    async (storage) => {
      for (const name of (await readdir(storage)).filter((each) => /\.(log|ldb)$/.test(each))) {
        const bytes = await readFile(join(storage, name));
        await writeFile(join(storage, name), bytes.fill(0x55, bytes.length >> 1));
      }
    },
  ],
];

test.each(["", "tulip"])(
  "A conversation on a disk is forgotten only when it is lost (%s)",
  async (passphrase) => {
    for (const [, damage] of DAMAGES) {
      const context = contextOf(passphrase);
      const storage = await keep(context);
      await expect(forgetChat(options("forget"), context)).rejects.toMatchObject({ code: "still-a-member" });
      await damage(storage);
      await expect(showHistory(options("messages"), context)).rejects.toMatchObject({
        code: "conversation-lost",
        remedy: expect.stringContaining("--forget") as string,
      });
      await forgetChat(options("forget"), context);
      expect(printed.pop()).toBe("Nothing of garden is kept any more.");
      await expect(showHistory(options("messages"), context)).rejects.toMatchObject({ code: "not-kept" });
    }
  },
);
