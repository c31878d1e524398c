import { createMemoryStorage } from "@demls/storage-memory";
import { beforeEach, describe, expect, test } from "vitest";
import { type Conversation, createUserFrom } from "../../src/index.js";
import { enter, gather, openScene, settle, until, watch, type Person, type Scene } from "../harness/index.js";

let scene: Scene, alice: Person, bob: Person;
let garden: Conversation, bobs: Conversation;

beforeEach(async () => {
  ({ scene, alice, bob } = await openScene("next event", "alice", "bob"));
  [garden, bobs] = await gather(scene, "garden", alice, bob);
});

describe("Waiting for an event", () => {
  test("returns the next of its kind, with the fields of its kind", async () => {
    const heard = bobs.nextEvent("message");
    await garden.send("one");
    await garden.send("two");
    expect((await heard).text).toBe("one");
  });

  test("skips events before the call", async () => {
    await garden.send("one");
    await settle(scene);
    const heard = bobs.nextEvent("message");
    await garden.send("two");
    expect((await heard).text).toBe("two");
  });

  test("skips events that do not match", async () => {
    const heard = bobs.nextEvent("message", { where: ({ text }) => text !== "one" });
    await garden.send("one");
    await garden.send("two");
    expect((await heard).text).toBe("two");
  });

  test("does not call the filter after the match", async () => {
    let asked = 0;
    const heard = bobs.nextEvent("message", { where: () => ++asked > 0 });
    await garden.send("one");
    await garden.send("two");
    await heard;
    await settle(scene);
    expect(asked).toBe(1);
  });

  test("leaves kept events for the first subscriber", async () => {
    const dora = await enter(scene, "dora");
    const keeping = await createUserFrom({ ...dora.options, storage: createMemoryStorage() });
    const shed = await keeping.createConversation("shed");
    const changed = shed.nextEvent("stewardsChanged");
    await shed.admin.regenerateStewards();
    await changed;
    const observed: string[] = [];
    shed.events$.subscribe(({ kind }) => observed.push(kind));
    expect(observed).toContain("stewardsChanged");
    await keeping.close();
  });
});

describe("Waiting for an event rejects", () => {
  test("when the conversation ends, with the reason", async () => {
    const unheard = bobs.nextEvent("message");
    const end = bobs.nextEvent("leaving");
    garden.proposeRemove(bob.id);
    await settle(scene);
    const [ban] = bobs.state.openVotes;
    await bobs.vote(ban?.proposalId ?? 0, true);
    const watched = watch(unheard);
    await until(scene, () => watched.outcome !== "pending");
    expect(watched.error).toMatchObject({ code: "conversation-ended", reason: "removed" });
    expect(await end).toEqual({ kind: "leaving", reason: "removed" });
  });

  test("when the conversation has ended before, with the reason", async () => {
    const shed = await alice.user.createConversation("shed");
    await shed.leave().committed;
    await settle(scene);
    await expect(shed.nextEvent("message")).rejects.toMatchObject({ reason: "left" });
  });

  test("when the user is closed, without an unhandled rejection", async () => {
    const unheard = bobs.nextEvent("message");
    void bobs.nextEvent("message");
    await bob.user.close();
    await expect(unheard).rejects.toMatchObject({ code: "conversation-ended", reason: "closed" });
  });

  test("when the signal is aborted, with its reason, before or during the wait", async () => {
    const patience = new AbortController();
    const unheard = bobs.nextEvent("message", { signal: patience.signal });
    patience.abort(new Error("enough"));
    await expect(unheard).rejects.toThrow("enough");
    await expect(bobs.nextEvent("message", { signal: patience.signal })).rejects.toThrow("enough");
  });

  test("when the filter throws, with its error", async () => {
    const unheard = bobs.nextEvent("message", {
      where: () => {
        throw new Error("no such friend");
      },
    });
    await garden.send("one");
    await expect(unheard).rejects.toThrow("no such friend");
  });
});
