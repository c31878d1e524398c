import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createDeferred } from "../../src/runtime/deferred.js";
import type { Conversation } from "../../src/index.js";
import {
  advance,
  createScene,
  enter,
  eventsOf,
  expectMistake,
  gather,
  settle,
  textsOf,
  until,
  watch,
  type Person,
  type Scene,
} from "../harness/index.js";

let scene: Scene;
let alice: Person;
let bob: Person;
let carol: Person;

beforeEach(async () => {
  scene = createScene("signing");
  alice = await enter(scene, "alice");
  bob = await enter(scene, "bob");
  carol = await enter(scene, "carol");
});

afterEach(() => scene.close());

/** A conversation of the three, as each of them holds it. */
async function garden(): Promise<[Conversation, Conversation, Conversation]> {
  return (await gather(scene, "garden", alice, bob, carol)) as [Conversation, Conversation, Conversation];
}

describe("A signer that takes its time", () => {
  /** Makes a person's signatures wait for the test. */
  function slow(person: Person): { sign(): void; readonly asked: number } {
    const gate = createDeferred<void>();
    let asked = 0;
    person.signing = async (sign) => {
      asked += 1;
      await gate.promise;
      return sign();
    };
    return {
      sign: gate.resolve,
      get asked() {
        return asked;
      },
    };
  }

  test("holds up its own vote and nothing else", async () => {
    const [atAlice, atBob] = await garden();
    const wallet = slow(bob);
    const id = await atAlice.proposeRemove(carol.id).accepted;
    await settle(scene);
    await atBob.vote(id, true);
    expect(wallet.asked).toBe(1);
    expect(atBob.state.openVotes).toMatchObject([{ proposalId: id, voted: true, yes: 1 }]);
    await atAlice.send("meanwhile");
    await atBob.send("I am still deciding");
    await settle(scene);
    expect(textsOf(bob)).toEqual(["meanwhile"]);
    expect(textsOf(alice)).toEqual(["I am still deciding"]);

    wallet.sign();
    await settle(scene);
    expect(eventsOf(alice, "voteCast")).toContainEqual(
      expect.objectContaining({ proposalId: id, voter: bob.id, vote: true }),
    );
  });

  test("may come when the others have decided and moved on: its vote then changes nothing", async () => {
    const [atAlice, atBob] = await garden();
    const wallet = slow(bob);
    const id = await atAlice.proposeRemove(carol.id).accepted;
    await settle(scene);
    await atBob.vote(id, true);
    await until(scene, () => carol.user.conversations.size === 0 && atBob.state.members.length === 2);
    const { members, epoch, approved } = atBob.state;
    wallet.sign();
    await settle(scene);
    expect(atBob.state).toMatchObject({ phase: "working", members, epoch, approved });
    expect(atAlice.state).toMatchObject({ phase: "working", epoch, approved });
    for (const person of [alice, bob]) {
      expect(eventsOf(person, "proposalDecided").filter(({ proposalId }) => proposalId === id)).toHaveLength(
        1,
      );
    }
  });

  test("of minutes delays a proposal, whose vote begins when it goes out: silence until then is no yes", async () => {
    const [, atBob] = await garden();
    const wallet = slow(bob);
    const call = atBob.proposeRemove(carol.id);
    const progress = [call.accepted, call.decided, call.committed].map(watch);
    await advance(scene, 300_000);
    expect(progress.map(({ outcome }) => outcome)).toEqual(["pending", "pending", "pending"]);
    expect(eventsOf(bob, "proposalDecided")).not.toContainEqual(
      expect.objectContaining({ result: "yes", request: expect.objectContaining({ kind: "remove_member" }) }),
    );
    expect(atBob.state.approved).toEqual([]);
    expect(
      eventsOf(carol, "voteRequested").filter(({ request }) => request.kind === "remove_member"),
    ).toEqual([]);

    wallet.sign();
    const id = await call.accepted;
    await settle(scene);
    expect(eventsOf(carol, "voteRequested")).toContainEqual(expect.objectContaining({ proposalId: id }));
    await until(scene, () => progress[2]?.outcome !== "pending");
    await expect(call.decided).resolves.toBe("yes");
    await expect(call.committed).resolves.toBeUndefined();
  });

  test("that never answers: the proposal is given up at the end of its lifetime", async () => {
    const [, atBob] = await garden();
    const wallet = slow(bob);
    const call = atBob.proposeRemove(carol.id);
    await advance(scene, 600_000);
    await expectMistake(call.accepted, "abandoned");
    await expectMistake(call.decided, "abandoned");
    await expectMistake(call.committed, "abandoned");
    expect(atBob.state.openVotes).toEqual([]);

    const attempts = bob.transport.attempts.length;
    wallet.sign();
    await settle(scene);
    expect(bob.transport.attempts).toHaveLength(attempts);
    await expect(atBob.proposeRemove(carol.id).accepted).resolves.toEqual(expect.any(Number));
  });

  test("that declines: an error event without what it said, and the proposal is given up", async () => {
    const [, atBob] = await garden();
    bob.signing = () => {
      throw new Error("seed phrase: zoo zoo zoo");
    };
    const call = atBob.proposeRemove(carol.id);
    await expectMistake(call.accepted, "abandoned");
    await expectMistake(call.decided, "abandoned");
    await expectMistake(call.committed, "abandoned");
    expect(eventsOf(bob, "error")).toEqual([
      {
        conversation: "garden",
        kind: "error",
        code: "signing-failed",
        operation: "sign",
        message: "The signer did not sign a vote.",
      },
    ]);
    expect(atBob.state.openVotes).toEqual([]);
  });

  test("that declines another's proposal: the vote is not cast, and the group decides without it", async () => {
    const [atAlice, atBob] = await garden();
    bob.signing = () => {
      throw new Error("no");
    };
    const call = atAlice.proposeRemove(carol.id);
    await until(scene, () => atBob.state.members.length === 2);
    await expect(call.decided).resolves.toBe("yes");
    const id = await call.accepted;
    const voters = eventsOf(alice, "voteCast").filter(({ proposalId }) => proposalId === id);
    expect(voters.map(({ voter }) => voter).sort()).toEqual([alice.id, carol.id].sort());
    expect(new Set(eventsOf(bob, "error").map(({ operation }) => operation))).toEqual(new Set(["sign"]));
  });
});
