import { createSeededRandom } from "@demls/testkit";
import { describe, expect, test } from "vitest";
import type { IdentitySource } from "../../../src/chat/identity/identity-source.js";
import { createPassphraseSource } from "../../../src/chat/store/passphrase.js";
import type { AskSecret } from "../../../src/chat/terminal/ask-line.js";
import { findProfile, openProfile, type Profile } from "../../../src/chat/store/profile.js";
import { createMemoryFiles, type MemoryFiles } from "../harness/memory-files.js";

const DEFAULT: IdentitySource = { kind: "profile", name: "default" };
const PATH = "/data/demls/default/profile.json";

interface Given {
  readonly env?: Readonly<Record<string, string>>;
  readonly file?: string;
  /** Answers to the questions of a terminal. */
  readonly answers?: readonly (string | undefined)[];
  readonly source?: IdentitySource;
}

/** Opens a profile. @returns it, and the questions that were asked. */
async function open(
  files: MemoryFiles,
  { env = {}, file, answers, source = DEFAULT }: Given = {},
): Promise<Profile & { readonly questions: readonly string[] }> {
  const random = createSeededRandom("profile");
  const questions: string[] = [];
  const waiting = [...(answers ?? [])];
  const ask: AskSecret = async (question) => {
    questions.push(question);
    return waiting.shift();
  };
  const passphrases = createPassphraseSource({ file, env, files, ask: answers && ask });
  const place = await findProfile(source, { XDG_DATA_HOME: "/data" }, { files, random });
  return { ...(await openProfile(place, passphrases, { files, random })), questions };
}

describe("A profile without a passphrase", () => {
  test("is made without a question if there is no terminal, and is the same the next time", async () => {
    const files = createMemoryFiles();
    const { key, storageKey, folder } = await open(files);
    expect(key).toHaveLength(32);
    expect(storageKey).toBeUndefined();
    expect(folder).toBe("/data/demls/default");
    expect([...files.texts.keys()]).toEqual([PATH]);
    expect(await open(files)).toMatchObject({ key, storageKey });
  });

  test("is made by an empty answer on a terminal, and asks for none the next time", async () => {
    const files = createMemoryFiles();
    const { questions } = await open(files, { answers: [""] });
    expect(questions).toEqual(["New passphrase of the profile default (empty for none): "]);
    expect((await open(files, { answers: [] })).questions).toEqual([]);
  });

  test("rejects a passphrase", async () => {
    const files = createMemoryFiles();
    await open(files);
    const given = open(files, { env: { DEMLS_PASSPHRASE: "tulip" } });
    await expect(given).rejects.toMatchObject({ code: "profile-without-passphrase" });
  });

  test.each([["{"], ["null"], ['{"version":2}'], ['{"version":1}'], ['{"version":1,"key":"ac"}']])(
    "with the content %s is rejected, and stays as it is",
    async (text) => {
      const files = createMemoryFiles();
      await files.create(PATH, text);
      await expect(open(files)).rejects.toMatchObject({ code: "profile-broken" });
      expect(files.texts.get(PATH)).toBe(text);
    },
  );
});

describe("A profile with a passphrase", () => {
  test("shows no key in its file, and opens by the passphrase alone", async () => {
    const files = createMemoryFiles();
    const { key, storageKey, questions } = await open(files, { answers: ["tulip", "tulip"] });
    expect(questions).toEqual([
      "New passphrase of the profile default (empty for none): ",
      "The same again: ",
    ]);
    expect(storageKey).toHaveLength(32);
    expect(files.texts.get(PATH)).not.toContain(Buffer.from(key).toString("hex"));
    await files.create("/secret", "tulip\nrose\n");
    const again = await open(files, { file: "/secret", answers: ["rose"] });
    expect(again).toMatchObject({ key, storageKey, questions: [] });
    await expect(open(files, { answers: ["rose"] })).rejects.toMatchObject({ code: "wrong-passphrase" });
  });

  test("is not made if the two answers differ or the question is declined", async () => {
    const files = createMemoryFiles();
    const mistyped = open(files, { answers: ["tulip", "tulpi"] });
    await expect(mistyped).rejects.toMatchObject({ code: "passphrase-mistyped" });
    const declined = open(files, { answers: [undefined] });
    await expect(declined).rejects.toMatchObject({ code: "passphrase-required" });
    expect(files.texts.size).toBe(0);
  });

  test("is not opened without one", async () => {
    const files = createMemoryFiles();
    await open(files, { env: { DEMLS_PASSPHRASE: "tulip" } });
    await expect(open(files)).rejects.toMatchObject({ code: "passphrase-required" });
    await files.create("/empty", "\n");
    await expect(open(files, { file: "/empty" })).rejects.toMatchObject({ code: "passphrase-required" });
  });
});

test("The profile of a given key has the key's address as its name, and does not contain the key", async () => {
  const files = createMemoryFiles();
  const hex = "ac".repeat(32);
  const { name, key } = await open(files, { source: { kind: "variable", hex } });
  expect(name).toMatch(/^0x[0-9a-f]{40}$/);
  expect(Buffer.from(key).toString("hex")).toBe(hex);
  expect([...files.texts]).toEqual([[`/data/demls/${name}/profile.json`, '{"version":1}\n']]);
});
