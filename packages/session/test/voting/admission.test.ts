import { describe, expect, test } from "vitest";
import { LIMITS } from "../../src/model/limits.js";
import {
  admitAll,
  admitMembers,
  admitInvited,
  askAlways,
  type AdmissionPolicy,
  type JoinRequest,
} from "../../src/index.js";
import { snapshotOf } from "../../src/view/snapshot.js";
import { bufferPendingUpdate } from "../../src/voting/pending-updates.js";
import {
  advance,
  command,
  eventsOf,
  expectMistake,
  gatherInEachMode,
  join,
  rejoin,
  required,
  snapshotAt,
  until,
  vote,
  type Gathering,
  type Member,
} from "../harness/index.js";
import { transactionOf } from "../lost-packets/material.js";

const inMode = await gatherInEachMode(["alice", "bob", "carol"], { fakes: true });

/** Three members of a strict conversation with this policy. */
async function gathered(policy: AdmissionPolicy = admitInvited): Promise<Gathering & { alice: Member }> {
  const { world, members } = await inMode("strict");
  for (const member of members) member.plugins = { ...member.plugins, admission: policy };
  return { world, members: [...members], alice: required(members[0]) };
}

function asks(member: Member): readonly unknown[] {
  return snapshotAt(member).requests.map(({ joiner, claimedName }) => [joiner, claimedName]);
}

function isIn(member: Member): boolean {
  return member.state.phase === "working";
}

describe("A joiner that no member vouches for", () => {
  test("waits at each member for its answer, without a vote, and is told to the application once", async () => {
    const { world, members } = await gathered();
    const dave = await join(world, "dave");
    await advance(world, 100_000);
    for (const member of members) {
      expect(asks(member)).toEqual([[dave.id, "dave"]]);
      expect(eventsOf(member, "joinRequested")).toEqual([
        {
          kind: "joinRequested",
          joiner: dave.id,
          claimedName: "dave",
          ...{ invitedBy: undefined, reason: "uninvited" },
        },
      ]);
      expect(eventsOf(member, "voteRequested").filter(({ request }) => request.kind === "add")).toEqual([]);
    }
    await advance(world, 900_000);
    expect(dave.state.phase).toBe("ended");
  });

  test("joins once a member admits it: the others agree by default", async () => {
    const { world, members, alice } = await gathered();
    const dave = await join(world, "dave");
    await until(world, () => asks(alice).length === 1);
    const carol = required(members[2]);
    await command(world, carol, { kind: "admit", joiner: dave.id });
    expect(asks(carol)).toEqual([]);
    await until(world, () => isIn(dave));
    expect(asks(alice)).toEqual([]);
    expect(eventsOf(alice, "proposalDecided").at(-1)).toMatchObject({ result: "yes" });
  });

  test("is proposed after the freeze if a member admits it during one", async () => {
    const { world, members, alice } = await gathered();
    const dave = await join(world, "dave");
    await until(world, () => asks(alice).length === 1);
    const erin = await join(world, "erin");
    await until(world, () => asks(alice).length === 2);
    await command(world, alice, { kind: "admit", joiner: erin.id });
    await until(world, () => eventsOf(alice, "proposalDecided").at(-1)?.result === "yes");
    world.delaysMs = () => [500];
    await until(world, () => alice.state.phase !== "working");
    await command(world, alice, { kind: "admit", joiner: dave.id });
    await until(world, () => isIn(dave) && isIn(erin));
    expect(members[1]?.state.group?.members).toHaveLength(5);
  });

  test("is proposed again after a vote that no commit followed, with the member that vouched for it", async () => {
    const { world, members, alice } = await gathered();
    const dave = await join(world, "dave");
    await until(world, () => asks(alice).length === 1);
    await command(world, alice, { kind: "admit", joiner: dave.id });
    const [, bob] = members;
    await until(world, () => required(bob).state.changes.pending.get(dave.id)?.vouchedBy === alice.id);
    expect(required(bob).state.changes.pending.get(dave.id)?.awaitsAdmission).toBeUndefined();
  });

  test("is not asked about again once it is refused; another member may still admit it", async () => {
    const { world, members, alice } = await gathered();
    const dave = await join(world, "dave");
    await until(world, () => asks(alice).length === 1);
    await command(world, alice, { kind: "refuse", joiner: dave.id });
    await rejoin(world, dave);
    await advance(world, 100_000);
    expect(asks(alice)).toEqual([]);
    const bob = required(members[1]);
    await command(world, bob, { kind: "admit", joiner: dave.id });
    await until(world, () => isIn(dave));
  });

  test("is admitted with the key package that it has announced last", async () => {
    const { world, alice } = await gathered();
    const dave = await join(world, "dave");
    await until(world, () => asks(alice).length === 1);
    // It has lost its keys.
    dave.keyPackages = [];
    await rejoin(world, dave);
    await advance(world, 1_000);
    expect(eventsOf(alice, "joinRequested")).toHaveLength(1);
    await command(world, alice, { kind: "admit", joiner: dave.id });
    await until(world, () => isIn(dave));
  });

  test("waits no longer than an hour without announcing itself", async () => {
    const { world, alice } = await gathered();
    const dave = await join(world, "dave");
    await until(world, () => asks(alice).length === 1);
    await until(world, () => dave.state.phase === "ended");
    await advance(world, LIMITS.joinRequestMs);
    const { requests } = snapshotOf(alice.state, transactionOf(world, alice).env);
    expect(requests).toEqual([]);
    await expectMistake(
      command(world, alice, { kind: "admit", joiner: dave.id }),
      "no-join-request",
      "joiner",
    );
  });

  test("is not admitted by the vote of one member alone, if the others ask always", async () => {
    const { world, alice } = await gathered(askAlways);
    const dave = await join(world, "dave");
    await until(world, () => asks(alice).length === 1);
    await command(world, alice, { kind: "admit", joiner: dave.id });
    await until(world, () => eventsOf(alice, "proposalDecided").length > 0);
    expect(eventsOf(alice, "proposalDecided").at(-1)).toMatchObject({ result: "no" });
    expect(dave.state.phase).toBe("pending-join");
  });

  test("joins by a second yes, of a member that is asked in the vote", async () => {
    const { world, members, alice } = await gathered(askAlways);
    const dave = await join(world, "dave");
    await until(world, () => asks(alice).length === 1);
    await command(world, alice, { kind: "admit", joiner: dave.id });
    const bob = required(members[1]);
    await until(world, () => snapshotAt(bob).openVotes.length === 1);
    expect(eventsOf(bob, "voteRequested").at(-1)).toMatchObject({ defaultVote: false });
    await command(world, bob, { kind: "admit", joiner: dave.id });
    await until(world, () => isIn(dave));
  });
});

describe("An admission policy", () => {
  test("decides for its member alone: a joiner that one steward admits is asked about at the others", async () => {
    const { world, members, alice } = await gathered();
    for (const member of members)
      if (member !== alice) member.plugins = { ...member.plugins, admission: askAlways };
    alice.plugins = { ...alice.plugins, admission: admitAll };
    const dave = await join(world, "dave");
    await until(world, () => asks(required(members[1])).length === 1);
    expect(asks(alice)).toEqual([]);
    await advance(world, 30_000);
    expect(isIn(dave)).toBe(false);
  });

  test("receives the proved identity, the claimed name and the voucher", async () => {
    const seen: JoinRequest[] = [];
    const { world, members, alice } = await gathered((request) => {
      seen.push(request);
      return admitInvited(request);
    });
    const dave = await join(world, "dave");
    await until(world, () => asks(alice).length === 1);
    await command(world, alice, { kind: "admit", joiner: dave.id });
    await until(world, () => isIn(dave));
    const request = { conversation: "garden", joiner: dave.id, claimedName: "dave" };
    expect(seen.slice(0, 3)).toEqual(members.slice(0, 3).map(() => ({ ...request, vouchedBy: undefined })));
    expect(seen.slice(3)).toContainEqual({ ...request, vouchedBy: alice.id });
  });

  test("that refuses ignores the joiner", async () => {
    const { world, alice } = await gathered(() => "refuse");
    await join(world, "dave");
    await advance(world, 10_000);
    expect(asks(alice)).toEqual([]);
    expect(alice.state.changes.pending.size).toBe(0);
    expect(alice.outcomes).toContainEqual({ kind: "ignored", reason: "refused-joiner", detail: undefined });
  });

  test.each([
    ["throws", (): never => { throw new Error("no"); }], // prettier-ignore
    ["returns something else", (): never => "maybe" as never],
  ])("that %s asks", async (_, policy: AdmissionPolicy) => {
    const { world, alice } = await gathered(policy);
    await join(world, "dave");
    await until(world, () => asks(alice).length === 1);
  });

  test("admits given identities, and passes on the others", () => {
    const [dave, erin] = ["da", "e1"] as never[];
    const request = {
      conversation: "garden",
      claimedName: undefined,
      vouchedBy: undefined,
      invitation: undefined,
    };
    const policy = admitMembers([dave as never]);
    expect(policy({ ...request, joiner: dave as never })).toBe("admit");
    expect(policy({ ...request, joiner: erin as never })).toBe("ask");
    expect(admitMembers([], admitAll)({ ...request, joiner: erin as never })).toBe("admit");
  });

  test("is not asked in a de-mls-3 conversation, whose other members vote on each key package", async () => {
    const { world, members } = await inMode("de-mls-3");
    for (const member of members) member.plugins = { ...member.plugins, admission: () => "refuse" };
    const dave = await join(world, "dave");
    await until(world, () => isIn(dave));
  });
});

describe("An answer to a joiner", () => {
  test("that has not asked is an error", async () => {
    const { world, members, alice } = await gathered();
    const joiner = required(members[1]).id;
    await expectMistake(command(world, alice, { kind: "admit", joiner }), "no-join-request", "joiner");
    await expectMistake(command(world, alice, { kind: "refuse", joiner }), "no-join-request", "joiner");
  });

  test("in a de-mls-3 conversation is an error", async () => {
    const { world, members } = await inMode("de-mls-3");
    const joiner = required(members[1]).id;
    await expectMistake(command(world, required(members[0]), { kind: "admit", joiner }), "wrong-mode");
  });

  test("is a vote by hand once a vote is open", async () => {
    const { world, members, alice } = await gathered();
    const dave = await join(world, "dave");
    await until(world, () => asks(alice).length === 1);
    await command(world, alice, { kind: "admit", joiner: dave.id });
    const bob = required(members[1]);
    await until(world, () => snapshotAt(bob).openVotes.length === 1);
    await command(world, bob, { kind: "refuse", joiner: dave.id });
    const [open] = snapshotAt(bob).openVotes;
    await expectMistake(vote(world, bob, open?.proposalId ?? 0, true), "already-voted", "proposalId");
  });
});

describe("Requests that wait", () => {
  test("give way to a joiner that is wanted, the oldest first", async () => {
    const { world, alice } = await gathered();
    const tx = transactionOf(world, alice);
    const add = (member: string): void => {
      const request = { kind: "add", member: member as never, keyPackage: new Uint8Array([1]) } as const;
      bufferPendingUpdate(tx, request, {
        awaitsAdmission: { claimedName: undefined, invitedBy: undefined, reason: "uninvited" },
      });
    };
    for (let index = 0; index < LIMITS.pendingInvitations; index += 1) add(`waiting ${index}`);
    add("too late");
    expect(tx.state.changes.pending.has("too late" as never)).toBe(false);
    const wanted = { kind: "add", member: "wanted" as never, keyPackage: new Uint8Array([2]) } as const;
    expect(bufferPendingUpdate(tx, wanted)).toBe("buffered");
    expect(tx.state.changes.pending.has("waiting 0" as never)).toBe(false);
    expect(tx.state.changes.pending.size).toBe(LIMITS.pendingInvitations);
  });
});
