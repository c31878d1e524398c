import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Conversation, ConversationSnapshot } from "../../src/index.js";
import {
  createScene,
  enter,
  gather,
  settle,
  until,
  watch,
  type Person,
  type Scene,
} from "../harness/index.js";

let scene: Scene;
let alice: Person;
let bob: Person;
let garden: Conversation;
let bobs: Conversation;

beforeEach(async () => {
  scene = createScene("next state");
  [alice, bob] = [await enter(scene, "alice"), await enter(scene, "bob")];
  [garden, bobs] = (await gather(scene, "garden", alice, bob)) as [Conversation, Conversation];
});

afterEach(() => scene.close());

const isVoting = ({ openVotes }: ConversationSnapshot): boolean => openVotes.length > 0;
const never = (): boolean => false;

describe("Waiting for a state", () => {
  test("gives the state of now where it is as wanted", async () => {
    const state = await garden.nextState(({ members }) => members.length === 2);
    expect(state).toBe(garden.state);
  });

  test("gives the first that is as wanted after a change", async () => {
    const voting = bobs.nextState(isVoting);
    const watched = watch(voting);
    await settle(scene);
    expect(watched.outcome).toBe("pending");
    garden.proposeRemove(bob.id);
    expect((await voting).openVotes).toHaveLength(1);
  });

  test("asks about each state once, and about none once it has the one", async () => {
    const asked: ConversationSnapshot[] = [];
    const voting = bobs.nextState((state) => {
      asked.push(state);
      return isVoting(state);
    });
    garden.proposeRemove(bob.id);
    await voting;
    await garden.send("hello");
    await settle(scene);
    expect(new Set(asked).size).toBe(asked.length);
    expect(asked.filter(isVoting)).toHaveLength(1);
  });

  test("gives the last state of a conversation that has ended, where it is as wanted", async () => {
    const shed = await alice.user.createConversation("shed");
    await shed.leave().committed;
    await settle(scene);
    expect(await shed.nextState(({ phase }) => phase === "ended")).toBe(shed.state);
  });
});

describe("Waiting for a state ends without one", () => {
  test("when the conversation ends, with the reason", async () => {
    const shed = await alice.user.createConversation("shed");
    const watched = watch(shed.nextState(never));
    await shed.leave().committed;
    await until(scene, () => watched.outcome !== "pending");
    expect(watched.error).toMatchObject({ code: "conversation-ended", reason: "left" });
    await expect(shed.nextState(never)).rejects.toMatchObject({ reason: "left" });
  });

  test("when the user is closed, and troubles nobody who does not look", async () => {
    const waiting = bobs.nextState(never);
    void bobs.nextState(never);
    await bob.user.close();
    await expect(waiting).rejects.toMatchObject({ code: "conversation-ended", reason: "closed" });
  });

  test("when the signal says so, with its reason, before or during the wait", async () => {
    const patience = new AbortController();
    const waiting = bobs.nextState(never, { signal: patience.signal });
    patience.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    await expect(bobs.nextState(() => true, { signal: patience.signal })).rejects.toThrow("enough");
  });

  test("when the condition throws, with what it throws", async () => {
    const waiting = bobs.nextState(() => {
      throw new Error("no such friend");
    });
    await expect(waiting).rejects.toThrow("no such friend");
  });
});
