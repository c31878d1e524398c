import { createMemoryStorage, type Storage } from "demls";
import { describe, expect, test } from "vitest";
import { createGarden, type ChatGarden } from "./harness/chat-garden.js";
import type { ChatUser } from "./harness/chat-user.js";
import type { MemoryFiles } from "./harness/memory-files.js";

const SIGINT = 2;

/** Ends a chat by the interrupt key. */
async function interrupt({ until }: ChatGarden, user: ChatUser): Promise<void> {
  user.signal(SIGINT);
  await until(() => user.status !== undefined);
}

/** All records of a user. */
async function recordsOf({ storages }: MemoryFiles): Promise<readonly unknown[]> {
  const [storage = createMemoryStorage()] = storages.values();
  const namespaces = ["chat", "user", "conversation/1", "history/1"];
  return Promise.all(namespaces.map((namespace) => storage.scan(namespace)));
}

function expectOnlyProfile({ texts, storages }: MemoryFiles): void {
  expect([...texts.keys()]).toEqual([expect.stringMatching(/\/profile\.json$/)]);
  expect(storages.size).toBe(0);
}

describe("A chat that is kept", () => {
  test("ends at an interrupt without leaving, and the same command goes on in the same group", async () => {
    const garden = createGarden();
    const ada = await garden.create("ada");
    const bob = await garden.join("bob");
    ada.type("welcome");
    await garden.until(() => bob.text.includes("welcome"));
    bob.type("thank you");
    await garden.until(() => ada.text.includes("thank you"));
    await interrupt(garden, bob);
    expect(bob.status).toBe(0);
    expect(bob.text).toContain("Closing. You stay in garden: the same command goes on.");
    await garden.clock.advance(60_000);
    expect(ada.text).not.toContain(" is out.");
    ada.type("are you there?");

    const again = garden.run("bob", "--dial", "/memory/ada");
    await garden.until(() => again.text.includes("are you there?"));
    expect(again.text).toMatch(
      /^You go on in a group named garden with ada~[0-9a-f]{4}, which is not confirmed: .*\. \/invite makes an invitation\. Without one, others ask to be let in by$/m,
    );
    expect(again.text).toMatch(
      /^The last 2 messages:\n00:00 ada~[0-9a-f]{4}: welcome\n00:00 you: thank you\n/m,
    );
    expect(again.text.match(/welcome|are you there/g)).toHaveLength(2);
    again.type("here I am");
    await garden.until(() => ada.text.includes("here I am"));
    expect(ada.text.match(/ is in\b/g)).toHaveLength(1);
  });

  test("goes on by its name alone, with the addresses and the name that it had", async () => {
    const garden = createGarden();
    const ada = await garden.create("ada");
    const bob = await garden.join("bob", "--json");
    await interrupt(garden, bob);
    const again = garden.run("bob", "--json");
    await garden.until(() => again.last("connection") !== undefined);
    expect(again.last("started")).toMatchObject({
      created: false,
      resumed: true,
      member: bob.last("started")?.["member"],
    });
    expect(again.last("connection")).toMatchObject({ dialling: [{ address: "/memory/ada" }] });
    again.type("hello");
    await garden.until(() => /bob~[0-9a-f]{4}: hello$/m.test(ada.text));
  });

  test("dials again the addresses that /dial has added", async () => {
    const garden = createGarden();
    const ada = await garden.create("ada", "--json");
    await garden.request(ada, { command: "/dial /memory/bob" });
    await garden.request(ada, { command: "/dial /memory/cleo" });
    await garden.request(ada, { command: "/dial /memory/bob" });
    await interrupt(garden, ada);
    const again = garden.run("ada", "--json");
    await garden.until(() => again.last("connection") !== undefined);
    expect(again.last("connection")).toMatchObject({
      dialling: [{ address: "/memory/cleo" }, { address: "/memory/bob" }],
    });
  });

  test("founds no second conversation by --create", async () => {
    const garden = createGarden();
    const ada = await garden.create("ada", "--json");
    await garden.join("bob");
    await garden.until(() => ada.last("membersChanged") !== undefined);
    await interrupt(garden, ada);
    expect(ada.last("closing")).toEqual({ type: "closing", leaves: false });
    const again = garden.run("ada", "--create", "--json");
    await garden.until(() => again.last("started") !== undefined);
    expect(again.last("started")).toMatchObject({ created: false, resumed: true });
    const { result } = await garden.request(again, { command: "/who" });
    expect((result as { members: unknown[] }).members).toHaveLength(2);
  });

  test("tells which options it ignores, with the values that hold, and nothing of those that are as before", async () => {
    const garden = createGarden();
    const settings = ["--create", "--set", "freezeMs=9000"];
    const ada = await garden.create("ada", ...settings);
    await interrupt(garden, ada);
    const other = ["--name", "zed", "--mode", "de-mls-3", "--set", "votingDelayMs=1234"];
    const changed = garden.run("ada", ...settings, ...other);
    await garden.until(() => changed.text.includes("already"));
    expect(changed.printed).toContain(
      "Ignored, since garden goes on: --mode (it stays strict), --name (it stays ada), " +
        "--set votingDelayMs (it stays 10000).",
    );
    await interrupt(garden, changed);
    const same = garden.run("ada", ...settings, "--mode", "strict");
    await garden.until(() => same.text.includes("already"));
    await interrupt(garden, same);
    expect(same.text).not.toContain("Ignored");
  });

  test("asks to join again by the same command after it ended before it was let in", async () => {
    const garden = createGarden();
    const bob = garden.run("bob", "--dial", "/memory/ada");
    await garden.until(() => bob.text.includes("Not connected; waiting."));
    await interrupt(garden, bob);
    expect(bob.text).toContain("Closing. The same command asks again.");
    await garden.create("ada");
    const again = garden.run("bob", "--dial", "/memory/ada");
    await garden.until(() => again.text.includes("You have joined a group named garden with ada~"));
    expect(again.text).toContain("You ask to join garden as before.");
  });

  test("asks to join anew by the same command after its join expired meanwhile", async () => {
    const garden = createGarden();
    const bob = garden.run("bob", "--dial", "/memory/ada", "--patience", "60");
    await garden.until(() => bob.text.includes("Not connected; waiting."));
    await interrupt(garden, bob);
    await garden.clock.advance(3_600_000);
    await garden.create("ada");
    const again = garden.run("bob", "--dial", "/memory/ada", "--patience", "60");
    await garden.until(() => again.text.includes("You have joined a group named garden with ada~"));
    await interrupt(garden, again);
    const third = garden.run("bob");
    await garden.until(() => third.text.includes("You go on in a group named garden"));
  });

  test("is rejected for a name that is not kept, without a way in, and makes no profile", async () => {
    const garden = createGarden();
    const ada = garden.run("ada");
    await garden.until(() => ada.text.includes("threw"));
    expect(ada.text).toContain("--create or --dial is required");
    expect(garden.filesOf("ada").texts.size).toBe(0);
  });

  test("is rejected while another process is in it, with a remedy", async () => {
    const garden = createGarden();
    await garden.create("ada");
    const second = garden.run("ada", "--create");
    await garden.until(() => second.text.includes("threw"));
    expect(second.text).toContain("Another process is in garden already");
  });
});

describe("What is kept of a conversation", () => {
  test("is deleted after /leave", async () => {
    const garden = createGarden();
    await garden.create("ada");
    const bob = await garden.join("bob");
    bob.type("/leave");
    await garden.until(() => bob.status !== undefined);
    expectOnlyProfile(garden.filesOf("bob"));
  });

  test("is deleted after a join that expired", async () => {
    const garden = createGarden();
    const bob = garden.run("bob", "--dial", "/memory/nobody", "--patience", "20");
    await garden.until(() => bob.status !== undefined);
    expectOnlyProfile(garden.filesOf("bob"));
  });

  test("stays after a removal, and is listed as such", async () => {
    const garden = createGarden();
    const ada = await garden.create("ada");
    const bob = await garden.join("bob");
    await garden.until(() => ada.text.includes(" is in"));
    const [, id = ""] = /^([0-9a-f]{4}|bob~[0-9a-f]{4}) is in\b/m.exec(ada.text) ?? [];
    ada.type(`/ban ${id}`);
    await garden.until(() => bob.status !== undefined);
    expect(bob.status).toBe(1);
    expect((await garden.list("bob")).printed[0]).toBe("garden  removed");
  });

  test("is nothing in an ephemeral chat", async () => {
    const garden = createGarden();
    const ada = await garden.create("ada", "--ephemeral");
    expect(ada.text).not.toContain("kept");
    await interrupt(garden, ada);
    expect(garden.filesOf("ada").texts.size + garden.filesOf("ada").storages.size).toBe(0);
  });
});

describe("What is kept after a removal", () => {
  /** A garden from which Bob is removed, after some messages. */
  async function afterRemoval(): Promise<ChatGarden> {
    const garden = createGarden();
    const ada = await garden.create("ada");
    const bob = await garden.join("bob");
    ada.type("hello \u001b[2J bob");
    await garden.until(() => bob.text.includes("hello"));
    bob.type("hello ada");
    await garden.until(() => ada.text.includes("hello ada"));
    await garden.until(() => ada.text.includes(" is in"));
    const [, id = ""] = /^([0-9a-f]{4}|bob~[0-9a-f]{4}) is in\b/m.exec(ada.text) ?? [];
    ada.type(`/ban ${id}`);
    await garden.until(() => bob.status !== undefined);
    return garden;
  }

  test("is shown by --history, as text and as JSON", async () => {
    const garden = await afterRemoval();
    const shown = await garden.list("bob", "garden", "--history");
    expect(shown.printed).toEqual([
      expect.stringMatching(/^00:0\d ada~[0-9a-f]{4}: hello �\[2J bob$/),
      expect.stringMatching(/^00:0\d you: hello ada$/),
    ]);
    expect((await garden.list("bob", "garden", "--history", "--json")).json).toMatchObject([
      { type: "message", text: "hello \u001b[2J bob", isOwn: false },
      { type: "message", text: "hello ada", isOwn: true },
    ]);
  });

  test("is offered in the list, and deleted by --forget", async () => {
    const garden = await afterRemoval();
    expect((await garden.list("bob")).text).toContain("demls chat NAME --history");
    const { printed, status } = await garden.list("bob", "garden", "--forget");
    expect(printed).toEqual(["Nothing of garden is kept any more."]);
    expect(status).toBe(0);
    expectOnlyProfile(garden.filesOf("bob"));
    const again = await garden.list("bob", "garden", "--history");
    expect(again.text).toContain("keeps nothing of garden");
  });

  test("is not deleted of a conversation that goes on", async () => {
    const garden = createGarden();
    const ada = await garden.create("ada");
    await interrupt(garden, ada);
    expect((await garden.list("ada", "garden", "--forget")).text).toContain("You are in garden");
    expect(garden.filesOf("ada").storages.size).toBe(1);
  });
});

describe("What is kept of a member", () => {
  /** A garden whose members have talked. Bob is away, and has said something that nobody has yet. */
  async function withBobAway(): Promise<ChatGarden> {
    const garden = createGarden();
    const ada = await garden.create("ada");
    const bob = await garden.join("bob");
    ada.type("hello bob");
    await garden.until(() => bob.text.includes("hello bob"));
    await interrupt(garden, ada);
    bob.type("are you there?");
    await garden.clock.advance(60_000);
    await interrupt(garden, bob);
    return garden;
  }

  test("is shown by --history, which says nothing to the group and changes nothing", async () => {
    const garden = await withBobAway();
    const before = await recordsOf(garden.filesOf("bob"));
    const shown = await garden.list("bob", "garden", "--history");
    expect(shown.printed).toEqual([
      expect.stringMatching(/^00:0\d ada~[0-9a-f]{4}: hello bob$/),
      expect.stringMatching(/^00:0\d you: are you there\?$/),
    ]);
    expect(await recordsOf(garden.filesOf("bob"))).toEqual(before);
    const ada = garden.run("ada");
    await garden.clock.advance(60_000);
    expect(ada.text).not.toContain("are you there?");
    garden.run("bob");
    await garden.until(() => ada.text.includes("are you there?"));
  });

  test("is lost without its storage: nothing is founded, and --forget is the way out", async () => {
    const garden = await withBobAway();
    const files = garden.filesOf("bob");
    const [folder = ""] = files.storages.keys();
    (files.storages as Map<string, Storage>).delete(folder);
    for (const args of [["--create"], ["--dial", "/memory/ada"], []]) {
      const bob = garden.run("bob", ...args);
      await garden.until(() => bob.text.includes("threw"));
      expect(bob.text).toContain("What was kept of garden is lost.");
    }
    expect(files.storages.size).toBe(0);
    const { printed } = await garden.list("bob", "garden", "--forget");
    expect(printed).toEqual(["Nothing of garden is kept any more."]);
    expectOnlyProfile(files);
    garden.run("ada");
    const again = await garden.join("bob");
    expect(again.text).toContain("You have joined a group named garden");
  });
});

describe("The list of conversations", () => {
  test("has their members, modes and last messages, and the other profiles", async () => {
    const garden = createGarden();
    const ada = await garden.create("ada");
    await garden.join("bob");
    ada.type("hello");
    await garden.clock.advance(30_000);
    await garden.filesOf("ada").create("/data/demls/work/profile.json", "{}");
    expect((await garden.list("ada")).printed).toEqual([
      "garden  2 members  strict  last message 00:00",
      "Other profiles: work.",
    ]);
  });

  test("says how to begin if it is empty", async () => {
    const { printed, status } = await createGarden().list("ada", "--profile", "default");
    expect(printed[0]).toBe("The profile default keeps no conversation yet.");
    expect(printed[1]).toContain("demls chat NAME --create");
    expect(status).toBe(0);
  });

  test("is one JSON object for each conversation with --json", async () => {
    const garden = createGarden();
    await garden.create("ada");
    await garden.clock.advance(1_000);
    expect((await garden.list("ada", "--json")).json).toEqual([
      { type: "conversation", name: "garden", standing: "member", members: 1, mode: "strict" },
    ]);
  });
});
