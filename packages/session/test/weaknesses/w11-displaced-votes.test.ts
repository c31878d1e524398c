import type { ChangeRequest } from "../../src/model/request.js";

import { memberIdFromBytes } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import { proposeScoreRemovals } from "../../src/stewards/score-removals.js";
import { beginTransaction, type ActiveTransaction } from "../../src/model/transaction.js";
import type { Active } from "../../src/step/index.js";
import {
  additionOf,
  advance,
  agreeOnScore,
  approve,
  ban,
  broadcast,
  environmentOf,
  epochStewardOf,
  forgedProposal,
  gatherInEachMode,
  join,
  keyPackageOf,
  keyPackagePacket,
  leave,
  type Member,
  MODES,
  ownProposalsOf,
  propose,
  receive,
  required,
  sealed,
  settle,
  shareEpoch,
  stranger,
  until,
  vote,
  type World,
} from "../harness/index.js";

const settled = await gatherInEachMode(["alice", "bob", "carol"], { fakes: true });
/** As many votes as a conversation has session slots. */
const KEPT = 10;

/**
 * In 3.0.0 a conversation keeps ten votes, including decided ones, and opens an eleventh anyway; the evicted one
 * depends on the second in which it was opened, and within one second on chance. Of 14 simultaneous joiners ten got in.
 */
describe.each(MODES)("W11: votes that evict others (%s)", (mode) => {
  let world: World;
  let members: readonly Member[];

  beforeEach(async () => {
    ({ world } = await settled(mode));
    members = [...world.members];
  });

  function invitation(number: number): Promise<ChangeRequest> {
    return additionOf(world, stranger(number), `stranger ${number}`);
  }

  /** Strangers announce key packages at the same time; none of them accepts a welcome. */
  async function announce(from: number, count: number): Promise<void> {
    for (let number = from; number < from + count; number++) {
      const keyPackage = await keyPackageOf(world, stranger(number), `stranger ${number}`);
      const packet = keyPackagePacket({ appId: new Uint8Array(16).fill(9) }, keyPackage);
      for (const member of members) await receive(world, member, packet);
    }
  }

  function isIn(member: Member, number: number): boolean {
    return member.state.group?.members.includes(memberIdFromBytes(stranger(number))) ?? false;
  }

  function openAt({ plugins, state }: Member): number {
    return plugins.consensus.proposals(state.votes.sessions).filter((vote) => vote.state === "active").length;
  }

  test("an eleventh vote of another member evicts the oldest, whose change stays buffered", async () => {
    const steward = epochStewardOf(world, required(members[0]));
    // Two proposers, because a strict conversation bounds the open proposals of one member.
    const careless = members.filter((member) => member !== steward);
    const proposals = [];
    for (let number = 0; number <= KEPT; number++) {
      const from = required(careless[number % 2]);
      const proposal = forgedProposal(world, from, await invitation(number));
      proposals.push(proposal);
      broadcast(world, from, await sealed(from, { kind: "proposal", proposal }));
    }
    await settle(world);
    const [first] = proposals;
    const { consensus } = steward.plugins;
    const isKept = consensus.tally(steward.state.votes.sessions, first?.proposalId ?? 0) !== undefined;
    expect(isKept).toBe(mode === "strict");
    await until(world, () => isIn(steward, 0));
  });

  test("fourteen simultaneous joiners all join", async () => {
    const joiners: Member[] = [];
    for (let number = 0; number < 14; number++) joiners.push(await join(world, `joiner ${number}`));
    await until(world, () => world.members.every(({ state }) => state.group?.members.length === 17));
    expect(shareEpoch(world.members)).toBe(true);
  }, 60_000);

  test("further votes wait at their proposer, which counts other members' votes too", async () => {
    const [alice, bob, carol] = members as [Member, Member, Member];
    for (let number = 0; number < KEPT; number++) {
      const proposer = required([bob, carol, alice][number % 3]);
      await propose(world, proposer, await invitation(number), "deferred");
    }
    await settle(world);
    await expect(ban(world, alice, bob)).rejects.toMatchObject({
      code: "too-many-votes",
    });
    await advance(world, 11_000);
    expect(await ban(world, alice, bob)).toBeGreaterThan(0);
  });

  test("a leave waits for a slot too, and then succeeds", async () => {
    const [alice, bob, carol] = members as [Member, Member, Member];
    for (let number = 0; number < KEPT; number++)
      await propose(world, [alice, bob, carol][number % 3] as Member, await invitation(number), "deferred");
    await settle(world);
    const leaver = required(members.find((member) => member !== epochStewardOf(world, alice)));
    const staying = members.filter((member) => member !== leaver);
    await leave(world, leaver);
    await settle(world);
    for (const member of members) expect(openAt(member)).toBe(KEPT);
    await until(world, () => leaver.state.phase === "ended");
    await until(world, () => staying.every((member) => isIn(member, 0)));
    expect(shareEpoch(staying)).toBe(true);
  });

  // In de-mls-3 it waits for all open changes anyway (W22).
  if (mode === "strict")
    test("a score removal waits for a slot too, and then succeeds", async () => {
      const [alice, bob, carol] = members as [Member, Member, Member];
      for (let number = 0; number < KEPT; number++)
        await propose(world, [alice, bob, carol][number % 3] as Member, await invitation(number), "deferred");
      await settle(world);
      const steward = epochStewardOf(world, alice);
      const fallen = required(members.find((member) => member !== steward));
      agreeOnScore(world, fallen, -1n);
      const tx: ActiveTransaction = beginTransaction(steward.state as Active, environmentOf(world, steward));
      await proposeScoreRemovals(tx);
      expect(ownProposalsOf({ state: tx.state }).size).toBe(ownProposalsOf(steward).size);
      await until(world, () => fallen.state.endReason === "removed");
    });

  test("an open vote keeps its slot, however many later ones are decided", async () => {
    const [alice, bob, carol] = members as [Member, Member, Member];
    const slow = forgedProposal(world, bob, await invitation(0));
    broadcast(world, bob, await sealed(bob, { kind: "proposal", proposal: slow }));
    await settle(world);
    for (let number = 1; number < KEPT; number++) {
      const id = await propose(world, bob, await invitation(number));
      await settle(world);
      for (const member of [alice, carol]) await vote(world, member, id, true);
      await settle(world);
    }
    expect(alice.state.changes.approved).toHaveLength(KEPT - 1);
    await expect(ban(world, alice, bob)).rejects.toMatchObject({
      code: "too-many-votes",
    });
    const { consensus } = alice.plugins;
    expect(consensus.tally(alice.state.votes.sessions, slow.proposalId)?.state).toBe("active");
    // It is decided eventually, and then its slot is free.
    await advance(world, 11_000);
    expect(await ban(world, alice, bob)).toBeGreaterThan(0);
  });

  test("if most members are silent, a proposer does not reuse the slot of a vote that is open at peers", async () => {
    await approve(world, ...(await Promise.all(Array.from({ length: 12 }, (_, i) => invitation(i)))));
    await until(world, () => members.every(({ state }) => state.group?.members.length === 15));
    await announce(12, 12);
    await until(world, () => members.every(({ state }) => state.group?.members.length === 27));
    expect(shareEpoch(members)).toBe(true);
  });
});
