import { beforeEach, describe, expect, test } from "vitest";
import type { Conversation, ConversationSnapshot } from "../../src/index.js";
import { gather, openScene, settle, until, watch, type Person, type Scene } from "../harness/index.js";

let scene: Scene, alice: Person, bob: Person;
let garden: Conversation, bobs: Conversation;

beforeEach(async () => {
  ({ scene, alice, bob } = await openScene("next state", "alice", "bob"));
  [garden, bobs] = await gather(scene, "garden", alice, bob);
});

const isVoting = ({ openVotes }: ConversationSnapshot): boolean => openVotes.length > 0;
const never = (): boolean => false;

describe("Waiting for a state", () => {
  test("returns the current state if it matches", async () => {
    const state = await garden.nextState(({ members }) => members.length === 2);
    expect(state).toBe(garden.state);
  });

  test("returns the first matching state after a change", async () => {
    const voting = bobs.nextState(isVoting);
    const watched = watch(voting);
    await settle(scene);
    expect(watched.outcome).toBe("pending");
    garden.proposeRemove(bob.id);
    expect((await voting).openVotes).toHaveLength(1);
  });

  test("calls the filter once per state, and not after the match", async () => {
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

  test("returns the last state of an ended conversation if it matches", async () => {
    const shed = await alice.user.createConversation("shed");
    await shed.leave().committed;
    await settle(scene);
    expect(await shed.nextState(({ phase }) => phase === "ended")).toBe(shed.state);
  });
});

describe("Waiting for a state rejects", () => {
  test("when the conversation ends, with the reason", async () => {
    const shed = await alice.user.createConversation("shed");
    const watched = watch(shed.nextState(never));
    await shed.leave().committed;
    await until(scene, () => watched.outcome !== "pending");
    expect(watched.error).toMatchObject({ code: "conversation-ended", reason: "left" });
    await expect(shed.nextState(never)).rejects.toMatchObject({ reason: "left" });
  });

  test("when the user is closed, without an unhandled rejection", async () => {
    const waiting = bobs.nextState(never);
    void bobs.nextState(never);
    await bob.user.close();
    await expect(waiting).rejects.toMatchObject({ code: "conversation-ended", reason: "closed" });
  });

  test("when the signal is aborted, with its reason, before or during the wait", async () => {
    const patience = new AbortController();
    const waiting = bobs.nextState(never, { signal: patience.signal });
    patience.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    await expect(bobs.nextState(() => true, { signal: patience.signal })).rejects.toThrow("enough");
  });

  test("when the filter throws, with its error", async () => {
    const waiting = bobs.nextState(() => {
      throw new Error("no such friend");
    });
    await expect(waiting).rejects.toThrow("no such friend");
  });
});
