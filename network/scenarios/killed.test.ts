import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import { onTestFinished, test } from "vitest";
import { expectReturn } from "../driver/absence.js";
import { join } from "../driver/group.js";
import { kill } from "../driver/misfortunes.js";

test("A member killed for 5 minutes returns from its storage with every message after two commits, and is not voted in again", async () => {
  const storage = await mkdtemp(joinPath(tmpdir(), "demls-"));
  onTestFinished(() => rm(storage, { recursive: true }));
  await expectReturn(
    5,
    async (chat, others, meanwhile) => {
      await kill(chat);
      await meanwhile();
      return join(chat.name, others, storage);
    },
    (name, others) => join(name, others, storage),
  );
});
