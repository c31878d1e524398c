import { Subject } from "rxjs";
import { beforeEach, describe, expect, test } from "vitest";
import type { Conversation, ConversationEvent, MembershipCall } from "../../src/index.js";
import { createDeferred, type Deferred } from "../../src/runtime/deferred.js";
import { trackMembershipCall, type OpenedProposal } from "../../src/user/membership-call.js";
import { removeRequest, type ChangeRequest } from "../../src/model/request.js";
import {
  advance,
  enter,
  eventsOf,
  expectMistake,
  gather,
  openScene,
  settle,
  until,
  watch,
  type Person,
  type Scene,
} from "../harness/index.js";

let scene: Scene, alice: Person, bob: Person, carol: Person;

beforeEach(async () => {
  ({ scene, alice, bob, carol } = await openScene("membership calls", "alice", "bob", "carol"));
});

/** A conversation of three users. */
const garden = () => gather(scene, "garden", alice, bob, carol);

/** Stage of a call. */
function watchCall({ accepted, decided, committed }: MembershipCall): () => string[] {
  const steps = [watch(accepted), watch(decided), watch(committed)];
  return () => steps.map(({ outcome }) => outcome);
}

async function voteByHand(
  proposalId: number,
  vote: boolean,
  ...voters: readonly Conversation[]
): Promise<void> {
  await settle(scene);
  for (const voter of voters) await voter.vote(proposalId, vote);
  await settle(scene);
}

describe("A ban", () => {
  test("is accepted when published, decided after the votes, committed when the member is removed", async () => {
    const [atAlice, atBob] = await garden();
    const call = atAlice.proposeRemove(carol.id);
    const progress = watchCall(call);
    const id = await call.accepted;
    await settle(scene);
    expect(progress()).toEqual(["resolved", "pending", "pending"]);
    expect(atBob.state.openVotes).toMatchObject([{ proposalId: id, proposer: alice.id }]);

    await voteByHand(id, true, atBob);
    expect(progress()).toEqual(["resolved", "resolved", "pending"]);
    await expect(call.decided).resolves.toBe("yes");
    expect(atAlice.state.members).toHaveLength(3);

    await until(scene, () => progress()[2] !== "pending");
    await expect(call.committed).resolves.toBeUndefined();
    expect(atAlice.state.members.map((member) => member.id)).not.toContain(carol.id);
    expect(eventsOf(carol, "leaving")).toMatchObject([{ reason: "removed" }]);
  });

  test("that the members reject is decided with no, and never committed", async () => {
    const dora = await enter(scene, "dora");
    const [atAlice, atBob, , atDora] = await gather(scene, "garden", alice, bob, carol, dora);
    const call = atAlice.proposeRemove(carol.id);
    await voteByHand(await call.accepted, false, atBob, atDora);
    await expect(call.decided).resolves.toBe("no");
    await expectMistake(call.committed, "not-approved");
    expect(atAlice.state.members).toHaveLength(4);
    await expect(atAlice.proposeRemove(carol.id).accepted).resolves.toEqual(expect.any(Number));
  });

  test("that is open or approved cannot be proposed again", async () => {
    const [atAlice, atBob] = await garden();
    const first = atAlice.proposeRemove(carol.id);
    for (const conversation of [atAlice, atBob]) {
      await first.accepted.then(() => settle(scene));
      await expectMistake(conversation.proposeRemove(carol.id).accepted, "already-proposed");
    }
    await voteByHand(await first.accepted, true, atBob);
    expect(atAlice.state.approved).toHaveLength(1);
    for (const step of Object.values(atBob.proposeRemove(carol.id)) as Promise<unknown>[]) {
      await expectMistake(step, "already-proposed");
    }
  });

  test("with a deferred vote is published without the proposer's yes", async () => {
    const [atAlice] = await garden();
    const id = await atAlice.proposeRemove(carol.id, { creatorVote: "deferred" }).accepted;
    expect(eventsOf(alice, "ownProposalSubmitted").at(-1)).toMatchObject({ proposalId: id, bundled: false });
    expect(atAlice.state.openVotes).toMatchObject([{ proposalId: id, yes: 0, no: 0, voted: false }]);
    await atAlice.vote(id, true);
    await settle(scene);
    expect(atAlice.state.openVotes).toMatchObject([{ proposalId: id, yes: 1, voted: true }]);
  });

  test("that is interrupted by closing rejects its pending promises only", async () => {
    const [atAlice] = await garden();
    const call = atAlice.proposeRemove(carol.id);
    const id = await call.accepted;
    await alice.user.close();
    await expect(call.accepted).resolves.toBe(id);
    await expectMistake(call.decided, "conversation-ended");
    await expectMistake(call.committed, "conversation-ended");
  });
});

describe("A manual add", () => {
  test("adds the owner of the key package, and resolves committed then", async () => {
    const dora = await enter(scene, "dora");
    const [atAlice] = await garden();
    const pending = await dora.user.join({ name: "garden" }, { announce: false }).conversation;
    expect(dora.transport.attempts).toEqual([]);
    const call = atAlice.proposeAdd(await dora.user.generateKeyPackage());
    const progress = watchCall(call);
    await until(scene, () => pending.state.phase === "working");
    expect(progress()).toEqual(["resolved", "resolved", "resolved"]);
    expect(atAlice.state.members.map(({ id }) => id)).toContain(dora.id);
  });

  test("rejects an invalid key package, or a member's", async () => {
    const [atAlice] = await garden();
    await expectMistake(
      atAlice.proposeAdd(Uint8Array.of(1, 2, 3)).accepted,
      "invalid-key-package",
      "keyPackage",
    );
    await expectMistake(
      atAlice.proposeAdd(await bob.user.generateKeyPackage()).accepted,
      "already-a-member",
      "keyPackage",
    );
  });
});

describe("Leaving", () => {
  test("a group waits for its commit", async () => {
    const [atAlice, atBob] = await garden();
    const call = atBob.leave();
    const progress = watchCall(call);
    await call.decided;
    expect(progress()).toEqual(["resolved", "resolved", "pending"]);
    await settle(scene);
    expect(atAlice.state.pendingLeaves).toEqual([bob.id]);
    expect(atBob.state.phase).not.toBe("ended");
    await until(scene, () => progress()[2] !== "pending");
    await expect(call.committed).resolves.toBeUndefined();
    expect(eventsOf(bob, "leaving")).toMatchObject([{ reason: "left" }]);
    await until(scene, () => atAlice.state.members.length === 2);
  });

  test("twice is one leave, which both calls track", async () => {
    const [, atBob] = await garden();
    const calls = [atBob.leave(), atBob.leave()];
    await until(scene, () => bob.user.conversations.size === 0);
    await expect(Promise.all(calls.map(({ committed }) => committed))).resolves.toHaveLength(2);
    expect(eventsOf(bob, "proposalDecided").filter(({ request }) => isLeaveOf(bob, request))).toHaveLength(1);
  });

  test("as the only member resolves at once", async () => {
    const alone = await alice.user.createConversation("cellar");
    const call = alone.leave();
    await expect(call.accepted).resolves.toEqual(expect.any(Number));
    await expect(call.decided).resolves.toBe("yes");
    await expect(call.committed).resolves.toBeUndefined();
    expect(eventsOf(alice, "leaving")).toMatchObject([{ reason: "left" }]);
    await expectMistake(alone.leave().committed, "conversation-ended");
  });

  test("a pending join resolves at once", async () => {
    const pending = await bob.user.join({ name: "attic" }).conversation;
    await expect(pending.leave().committed).resolves.toBeUndefined();
    expect(eventsOf(bob, "leaving")).toMatchObject([{ reason: "join-cancelled" }]);
  });

  test("is abandoned when the signer declines, and can be repeated", async () => {
    const [, atBob] = await garden();
    bob.signing = () => {
      throw new Error("not now");
    };
    await expectMistake(atBob.leave().committed, "abandoned");
    expect(atBob.state.phase).toBe("working");
    bob.signing = (sign) => sign();
    const again = atBob.leave();
    await until(scene, () => bob.user.conversations.size === 0);
    await expect(again.committed).resolves.toBeUndefined();
  });
});

describe("An ignored rejection", () => {
  test("causes no unhandled rejection", async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on("unhandledRejection", note);
    const [atAlice] = await garden();
    const stranger = await enter(scene, "stranger");
    atAlice.proposeRemove(stranger.id);
    atAlice.proposeAdd(Uint8Array.of(1));
    alice.transport.mood = "refusing";
    await atAlice.send("lost");
    atAlice.proposeRemove(carol.id);
    await settle(scene);
    await advance(scene, 10_000);
    await alice.user.close();
    atAlice.proposeRemove(bob.id);
    atAlice.leave();
    await settle(scene);
    process.off("unhandledRejection", note);
    expect(unhandled).toEqual([]);
  });
});

describe("A tracked call", () => {
  function track(): {
    call: MembershipCall;
    events: Subject<ConversationEvent>;
    opened: Deferred<OpenedProposal>;
  } {
    const events = new Subject<ConversationEvent>();
    const opened = createDeferred<OpenedProposal>();
    return { call: trackMembershipCall(opened.promise, alice.id, events), events, opened };
  }

  test.each([
    ["removed", "was removed"],
    ["left", "left"],
  ] as const)("rejects at the end of the conversation with its reason: %s", async (reason, words) => {
    const { call, events, opened } = track();
    opened.resolve({ proposalId: 7, request: removeRequest(bob.id) });
    await opened.promise;
    events.next({ kind: "leaving", reason });
    for (const promise of [call.accepted, call.decided, call.committed]) {
      await expect(promise).rejects.toMatchObject({
        code: "conversation-ended",
        reason,
        message: expect.stringContaining(words),
      });
    }
  });

  test("includes events before its id was known, to the end of the stream", async () => {
    const { call, events, opened } = track();
    const request = removeRequest(bob.id);
    events.next({ kind: "ownProposalSubmitted", proposalId: 7, request, bundled: true });
    events.next({ kind: "proposalDecided", proposalId: 7, request, result: "yes" });
    events.complete();
    opened.resolve({ proposalId: 7, request });
    await expect(call.accepted).resolves.toBe(7);
    await expect(call.decided).resolves.toBe("yes");
    await expectMistake(call.committed, "conversation-ended");
  });

  test("follows its own proposal only, but also a commit of the same change under another id", async () => {
    const { call, events, opened } = track();
    const request = removeRequest(bob.id);
    opened.resolve({ proposalId: 7, request });
    const progress = watchCall(call);
    const other = removeRequest(carol.id);
    await Promise.resolve();
    events.next({ kind: "ownProposalSubmitted", proposalId: 8, request: other, bundled: true });
    events.next({ kind: "proposalDecided", proposalId: 8, request: other, result: "no" });
    commit({ proposalId: 8, request: other });
    await settle(scene);
    expect(progress()).toEqual(["pending", "pending", "pending"]);

    commit({ proposalId: 9, request: { kind: "remove", member: bob.id } });
    await expect(call.committed).resolves.toBeUndefined();

    function commit(change: OpenedProposal): void {
      events.next({ kind: "commitApplied", epoch: 2n, committer: bob.id, changes: [change], urgent: false });
    }
  });

  test.each([
    ["a vote that failed", "failed"],
    ["a vote that was lost", "no"],
  ] as const)("rejects committed with not-approved after %s", async (_what, result) => {
    const { call, events, opened } = track();
    const request = removeRequest(bob.id);
    opened.resolve({ proposalId: 7, request });
    events.next({ kind: "ownProposalSubmitted", proposalId: 7, request, bundled: true });
    events.next({ kind: "proposalDecided", proposalId: 7, request, result });
    await expect(call.decided).resolves.toBe(result);
    await expectMistake(call.committed, "not-approved");
  });
});

function isLeaveOf({ id }: Person, request: ChangeRequest): boolean {
  return request.kind === "remove" && request.member === id;
}
