import { memberIdFromBytes } from "@demls/wire/core";
import { createEthereumSigner } from "@demls/consensus";
import type { Proposal } from "@demls/wire";
import { beforeEach, describe, expect, test } from "vitest";
import { trackMembershipCall } from "../../src/user/membership-call.js";
import { removeRequest, type ChangeRequest } from "../../src/model/request.js";
import {
  additionOf,
  advance,
  ban,
  candidatePacket,
  castOf,
  deliver,
  eventsOf,
  forgedCommit,
  forgedProposal,
  fork,
  gather,
  proposalAt,
  propose,
  receive,
  receiveVote,
  resultAt,
  sealed,
  sendUnchecked,
  settle,
  shareEpoch,
  signedVote,
  stewardsOf,
  stranger,
  until,
  vote,
  type Letter,
  type Member,
  type World,
} from "../harness/index.js";
import { Subject } from "rxjs";
import type { ConversationEvent } from "../../src/index.js";

const three = await gather(["alice", "bob", "carol"]);
const five = await gather(["alice", "bob", "carol", "dave", "erin"]);

let world: World;
/** The two stewards, and the other members, whose states differ. */
let steward: Member, backup: Member, odd: Member;
let others: Member[];

async function enter(settled: { readonly world: World }): Promise<void> {
  ({ world } = await fork(settled.world));
  const cast = castOf(world);
  [steward, backup] = cast.stewards;
  [odd, ...others] = cast.others;
}

function invitation(number: number): Promise<ChangeRequest> {
  return additionOf(world, stranger(number), `newcomer ${number}`);
}

function approvedIds({ state }: Member): readonly number[] {
  return state.changes.approved.map(({ proposalId }) => proposalId);
}

describe("A member that received a yes before the noes", () => {
  let alone: number;
  let agreed: number;

  beforeEach(async () => {
    await enter(three);
    alone = await propose(world, steward, await invitation(1), "deferred");
    await settle(world);
    await vote(world, odd, alone, false);
    await vote(world, backup, alone, false);
    // The backup's no is late at the odd member, which receives the proposer's yes first.
    await deliver(world, ({ from, to }) => !(from === backup && to === odd));
    await vote(world, steward, alone, true);
    await deliver(world, ({ from, to }) => from === steward && to === odd);
    await settle(world);
    expect([steward, backup, odd].map((member) => resultAt(member, alone))).toEqual(["no", "no", "yes"]);
    agreed = await propose(world, backup, await invitation(2));
    await settle(world);
    await vote(world, steward, agreed, true);
    await settle(world);
    expect([steward, backup, odd].map(approvedIds)).toEqual([[agreed], [agreed], [alone, agreed]]);
  });

  test("follows the commit that omits the change, and drops it", async () => {
    await until(world, () => world.members.every(({ state }) => state.group?.members.length === 4));
    expect(shareEpoch(world.members)).toBe(true);
    expect(eventsOf(odd, "reconciled")).toMatchObject([{ added: [], dropped: [{ proposalId: alone }] }]);
    expect(odd.state.changes.approved).toEqual([]);
  });

  test("prefers a commit of its approved changes", async () => {
    const group = odd.state.group;
    const changes = odd.state.changes.approved.flatMap(({ request }) =>
      request.kind === "add" ? [{ kind: "add", keyPackage: request.keyPackage } as const] : [],
    );
    const whole = await forgedCommit(steward, changes);
    const part = await forgedCommit(backup, changes.slice(1));
    await receive(world, odd, candidatePacket(backup, part));
    await receive(world, odd, candidatePacket(steward, whole));
    expect(odd.state.group?.epoch).toBe((group?.epoch ?? 0n) + 1n);
    expect(eventsOf(odd, "reconciled")).toEqual([]);
    expect(eventsOf(odd, "commitCandidateChosen").at(-1)).toMatchObject({ steward: steward.id });
  });
});

test("A change approved after a candidate arrived is not dropped: the candidate's author may have approved it too", async () => {
  await enter(three);
  const agreed = await propose(world, backup, await invitation(2));
  await settle(world);
  await vote(world, steward, agreed, true);
  await settle(world);
  const later = await propose(world, backup, await invitation(1));
  await settle(world);
  const add = odd.state.changes.approved.flatMap(({ request }) =>
    request.kind === "add" ? [{ kind: "add", keyPackage: request.keyPackage } as const] : [],
  );
  const candidate = candidatePacket(steward, await forgedCommit(steward, add));
  for (const member of world.members) member.online = member === odd;
  expect(stewardsOf(odd)).toHaveLength(2);
  await receive(world, odd, candidate);
  expect(odd.state.phase).toBe("freezing");
  await receiveVote(world, odd, steward, proposalAt(odd, later), false);
  expect(approvedIds(odd)).toEqual([agreed, later]);
  await advance(world, odd.state.config.freezeMs);
  expect(eventsOf(odd, "reconciled")).toEqual([]);
  expect(odd.state.phase).toBe("reelection");
});

describe("A member that has not received the deciding vote", () => {
  test("decides at its deadline, and still follows the others' commit (W3)", async () => {
    await enter(five);
    const [newcomer, ...rest] = [odd, ...others] as [Member, ...Member[]];
    const [second, third] = rest as [Member, Member];
    const id = await propose(world, steward, await invitation(1));
    world.arrives = ({ from, to }) => !(from === second && to === newcomer);
    await settle(world);
    for (const [voter, choice] of [
      [backup, true],
      [second, true],
      [third, false],
      [newcomer, false],
    ] as const) {
      await vote(world, voter, id, choice);
      await settle(world);
    }
    expect(resultAt(newcomer, id)).toBe("active");
    world.arrives = () => true;
    await until(world, () => world.members.every(({ state }) => state.group?.members.length === 6));
    expect(eventsOf(newcomer, "proposalDecided")).toMatchObject([{ proposalId: id, result: "failed" }]);
    expect(eventsOf(newcomer, "reconciled")).toMatchObject([{ added: [{ proposalId: id }] }]);
    expect(shareEpoch(world.members)).toBe(true);
  });
});

describe("A member whose newer votes evicted an older one (W11)", () => {
  test("follows the commit of the others' decision", async () => {
    await enter(five);
    const id = await propose(world, steward, await invitation(1));
    await settle(world);
    const spam = Array.from({ length: 12 }, () => forgedProposal(world, backup, removeRequest(backup.id)));
    for (const proposal of spam)
      await receive(world, odd, await sealed(backup, { kind: "proposal", proposal }));
    expect(resultAt(odd, id)).toBeUndefined();
    world.arrives = ({ to }: Letter) => to !== odd || world.nowMs > 60_000;
    for (const voter of [backup, ...others]) await vote(world, voter, id, true);
    await settle(world);
    await advance(world, 60_000);
    await until(world, () => odd.state.group?.members.length === 6);
    expect(eventsOf(odd, "reconciled")).toMatchObject([{ added: [{ proposalId: id }] }]);
  });
});

describe("A steward that commits a removal without a vote", () => {
  let target: Member;
  let honest: Member[];

  beforeEach(async () => {
    await enter(five);
    steward.online = false; // It says only what is forged here.
    target = others[0] as Member;
    honest = world.members.filter((member) => member !== steward);
  });

  async function tell(to: readonly Member[], proposal: Proposal): Promise<void> {
    const packet = await sealed(steward, { kind: "proposal", proposal });
    for (const member of to) await receive(world, member, packet);
  }

  async function commitRemoval(to: readonly Member[]): Promise<void> {
    const packet = candidatePacket(
      steward,
      await forgedCommit(steward, [{ kind: "remove", member: target.id }]),
    );
    for (const member of to) await receive(world, member, packet);
    await advance(world, 90_000);
  }

  async function proposalWithYes(twist: Partial<Proposal> = {}): Promise<Proposal> {
    const proposal = forgedProposal(world, steward, removeRequest(target.id), twist);
    return { ...proposal, votes: [await signedVote(world, steward.signer, proposal, true)] };
  }

  test("is not followed after evicting its own proposal with others", async () => {
    const proposal = await proposalWithYes();
    await tell(honest, proposal);
    for (let i = 0; i < 12; i++)
      await tell(
        honest,
        forgedProposal(world, steward, { kind: "remove", member: memberIdFromBytes(stranger(1)) }),
      );
    expect(honest.map((member) => resultAt(member, proposal.proposalId))).toEqual(
      honest.map(() => undefined),
    );
    await commitRemoval(honest);
    for (const member of honest) {
      expect(eventsOf(member, "reconciled")).toEqual([]);
      expect(member.state.group?.members).toHaveLength(5);
    }
    expect(shareEpoch(honest)).toBe(true);
  });

  test.each([
    ["more voters than there are", 7, 1],
    ["no voters, and has no vote", 0, 0],
    ["only itself as a voter, which 3.0.0 members refuse, too", 1, 1],
  ])(
    "is not followed beside 3.0.0 members where its proposal names %s",
    async (_, expectedVotersCount, own) => {
      const { group } = odd.state;
      if (group !== undefined) odd.state = { ...odd.state, group: { ...group, supportedExtensions: [] } };
      const proposal = await proposalWithYes({ expectedVotersCount });
      await tell([odd], { ...proposal, votes: proposal.votes.slice(0, own) });
      await commitRemoval([odd]);
      expect(odd.state.group?.members).toHaveLength(5);
    },
  );
});

describe("Votes under made-up keys, which 3.0.0 members count (W1)", () => {
  /** The steward proposes a removal that all others reject, votes many times, and commits it. */
  async function stewardVotesForMany(): Promise<number> {
    const target = others[0] as Member;
    const id = await ban(world, steward, target);
    await settle(world);
    const proposal = proposalAt(steward, id);
    for (let i = 0; i < 5; i++) {
      const sybil = createEthereumSigner(steward.random.bytes(32));
      await sendUnchecked(world, steward, {
        kind: "vote",
        vote: await signedVote(world, sybil, proposal, true),
      });
    }
    await settle(world);
    for (const voter of world.members.filter((member) => member !== steward)) {
      await vote(world, voter, id, false);
      await settle(world);
    }
    expect(resultAt(odd, id)).toBe("no");
    const commit = await forgedCommit(steward, [{ kind: "remove", member: target.id }]);
    await receive(world, odd, candidatePacket(steward, commit));
    await advance(world, 120_000);
    return id;
  }

  beforeEach(() => enter(five));

  test("decide nothing among strict members", async () => {
    await stewardVotesForMany();
    expect(eventsOf(odd, "reconciled")).toEqual([]);
    expect(odd.state.group?.members).toHaveLength(5);
  });

  test("are counted if a 3.0.0 member may be in the group: its commit is followed, and reported", async () => {
    const { group } = odd.state;
    if (group !== undefined) odd.state = { ...odd.state, group: { ...group, supportedExtensions: [] } };
    const id = await stewardVotesForMany();
    expect(eventsOf(odd, "reconciled")).toMatchObject([{ added: [{ proposalId: id }], dropped: [] }]);
    expect(odd.state.group?.members).toHaveLength(4);
  });
});

test("The call of a dropped change rejects with not-approved", async () => {
  await enter(three);
  const events = new Subject<ConversationEvent>();
  const request = removeRequest(odd.id);
  const call = trackMembershipCall(Promise.resolve({ proposalId: 7, request }), steward.id, events);
  events.next({ kind: "ownProposalSubmitted", proposalId: 7, request, bundled: true });
  events.next({ kind: "proposalDecided", proposalId: 7, request, result: "yes" });
  const dropped = [{ proposalId: 7, request }];
  events.next({ kind: "reconciled", committer: backup.id, added: [], dropped });
  await expect(call.decided).resolves.toBe("yes");
  await expect(call.committed).rejects.toMatchObject({ code: "not-approved" });
});
