import { beforeEach, describe, expect, test } from "vitest";
import {
  advance,
  eventsOf,
  isSettled,
  MODES,
  openScene,
  settle,
  textsOf,
  until,
  watch,
  type Person,
  type Scene,
} from "../harness/index.js";
import type { Conversation } from "../../src/index.js";

const HOUR_MS = 3_600_000;

let scene: Scene, alice: Person, bob: Person, carol: Person;

beforeEach(async () => {
  ({ scene, alice, bob, carol } = await openScene({ seed: "nobody", fakes: true }, "alice", "bob", "carol"));
});

describe.each(MODES)("While nobody is there, in the mode %s", (compatibility) => {
  let atAlice: Conversation, atBob: Conversation;

  beforeEach(async () => {
    atAlice = await alice.user.createConversation("garden", { compatibility });
    atBob = await bob.user.join({ name: "garden" }).conversation;
    const atCarol = await carol.user.join({ name: "garden" }).conversation;
    await until(scene, () => [atAlice, atBob, atCarol].every(({ state }) => isSettled(state, 3)));
    alice.transport.mood = "alone";
  });

  test("packets wait in order without an error, and arrive once somebody is", async () => {
    const sent = [await atAlice.send("one"), await atAlice.send("two")].map((each) => watch(each.published));
    await advance(scene, HOUR_MS);
    expect(sent.map(({ outcome }) => outcome)).toEqual(["pending", "pending"]);
    expect(eventsOf(alice, "error")).toEqual([]);
    alice.transport.mood = "well";
    await advance(scene, 1_000);
    expect(sent.map(({ outcome }) => outcome)).toEqual(["resolved", "resolved"]);
    expect(textsOf(bob)).toEqual(["one", "two"]);
  });

  test("a proposal waits for its lifetime, and fails then", async () => {
    const before = eventsOf(bob, "voteRequested").length;
    const call = watch(atAlice.proposeRemove(bob.id).committed);
    const { proposalExpirationMs, consensusTimeoutMs } = atAlice.state.config;
    await advance(scene, proposalExpirationMs - 1_000);
    expect(atAlice.state.openVotes).toHaveLength(1);
    await advance(scene, 2 * consensusTimeoutMs);
    expect(call).toMatchObject({ outcome: "rejected" });
    expect(eventsOf(alice, "proposalDecided").at(-1)).toMatchObject({ result: "failed" });
    expect(eventsOf(alice, "error")).toEqual([]);
    alice.transport.mood = "well";
    await advance(scene, 10_000);
    expect(eventsOf(bob, "voteRequested")).toHaveLength(before);
    expect(atBob.state.members).toHaveLength(3);
  });

  test("a leave waits, since nobody could carry it out", async () => {
    const { accepted, committed } = atAlice.leave();
    await accepted;
    const left = watch(committed);
    await advance(scene, HOUR_MS);
    expect(left.outcome).toBe("pending");
    alice.transport.mood = "well";
    await until(scene, () => left.outcome !== "pending" && atBob.state.members.length === 2);
    expect(left.outcome).toBe("resolved");
  });

  test("closing cancels the timer", async () => {
    await Promise.all([bob.user.close(), carol.user.close()]);
    await atAlice.send("one");
    await settle(scene);
    await alice.user.close();
    expect(scene.clock.nextWakeMs()).toBeUndefined();
  });
});

test("The notice of an invitation waits, and reaches members that come later", async () => {
  const [atAlice, atBob] = await scene.gather("garden", alice, bob);
  alice.transport.mood = "alone";
  await atAlice.createInvitation();
  await advance(scene, HOUR_MS);
  expect(atBob.state.invitations).toEqual([]);
  expect(eventsOf(alice, "error")).toEqual([]);
  alice.transport.mood = "well";
  await advance(scene, 1_000);
  expect(atBob.state.invitations).toMatchObject([{ inviter: alice.id }]);
});

test("A joiner's key package waits once, however often it would be announced", async () => {
  await alice.user.createConversation("garden");
  bob.transport.mood = "alone";
  const atBob = await bob.user.join({ name: "garden" }).conversation;
  await advance(scene, 100_000);
  expect(atBob.state.pendingOutbound).toBe(1);
  bob.transport.mood = "well";
  await until(scene, () => atBob.state.phase === "working");
});
