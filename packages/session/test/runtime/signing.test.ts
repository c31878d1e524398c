import { beforeEach, describe, expect, test } from "vitest";
import { createDeferred } from "../../src/runtime/deferred.js";
import {
  advance,
  enter,
  eventsOf,
  expectMistake,
  gather,
  openScene,
  settle,
  textsOf,
  until,
  watch,
  type Person,
  type Scene,
} from "../harness/index.js";

let scene: Scene, alice: Person, bob: Person, carol: Person;

beforeEach(async () => {
  ({ scene, alice, bob, carol } = await openScene("signing", "alice", "bob", "carol"));
});

/** A conversation of three users. */
const garden = () => gather(scene, "garden", alice, bob, carol);

describe("A slow signer", () => {
  /** Delays a user's signatures until the test resolves them. */
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

  test("delays its own vote only", async () => {
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

  test("may answer after the decision and the next epoch: its vote then changes nothing", async () => {
    const dora = await enter(scene, "dora");
    const [atAlice, atBob] = await gather(scene, "garden", alice, bob, carol, dora);
    const wallet = slow(bob);
    const id = await atAlice.proposeRemove(carol.id).accepted;
    await settle(scene);
    await atBob.vote(id, true);
    await until(scene, () => carol.user.conversations.size === 0 && atBob.state.members.length === 3);
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

  test("delays the proposal: its vote starts when it is published, so silence before that is no yes", async () => {
    const [, atBob] = await garden();
    const wallet = slow(bob);
    const call = atBob.proposeRemove(carol.id);
    const progress = [call.accepted, call.decided, call.committed].map(watch);
    await advance(scene, 300_000);
    expect(progress.map(({ outcome }) => outcome)).toEqual(["pending", "pending", "pending"]);
    expect(eventsOf(bob, "proposalDecided")).not.toContainEqual(
      expect.objectContaining({ result: "yes", request: expect.objectContaining({ kind: "remove" }) }),
    );
    expect(atBob.state.approved).toEqual([]);
    expect(eventsOf(alice, "voteRequested").filter(({ request }) => request.kind === "remove")).toEqual([]);

    wallet.sign();
    const id = await call.accepted;
    await settle(scene);
    expect(eventsOf(alice, "voteRequested")).toContainEqual(expect.objectContaining({ proposalId: id }));
    await until(scene, () => progress[2]?.outcome !== "pending");
    await expect(call.decided).resolves.toBe("yes");
    await expect(call.committed).resolves.toBeUndefined();
  });

  test("that never answers: the proposal is abandoned at the end of its lifetime", async () => {
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

  test("that declines: an error event without its error message, and the proposal is abandoned", async () => {
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

  test("that declines a vote on another's proposal: the vote is not cast, and the others decide", async () => {
    const dora = await enter(scene, "dora");
    const [atAlice, atBob] = await gather(scene, "garden", alice, bob, carol, dora);
    bob.signing = () => {
      throw new Error("no");
    };
    const call = atAlice.proposeRemove(carol.id);
    await until(scene, () => atBob.state.members.length === 3);
    await expect(call.decided).resolves.toBe("yes");
    const id = await call.accepted;
    const voters = eventsOf(alice, "voteCast").filter(({ proposalId }) => proposalId === id);
    expect(voters.map(({ voter }) => voter).sort()).toEqual([alice.id, dora.id].sort());
    expect(new Set(eventsOf(bob, "error").map(({ operation }) => operation))).toEqual(new Set(["sign"]));
  });
});
