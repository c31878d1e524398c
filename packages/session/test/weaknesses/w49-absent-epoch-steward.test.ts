import { describe, expect, test } from "vitest";
import { membershipTarget } from "../../src/model/request.js";
import {
  advance,
  castOf,
  eventsOf,
  forgedProposal,
  gatherInEachMode,
  join,
  resultAt,
  propose,
  sendUnchecked,
  settle,
  shareEpoch,
  until,
  vanish,
  type Member,
  type World,
} from "../harness/index.js";

const inMode = await gatherInEachMode(["alice", "bob", "carol", "dave", "erin"]);

/** Proposals of a joiner's add, as they were requested from a member. */
function proposalsOf(joiner: Member, asked: Member): readonly { proposer: string; proposalId: number }[] {
  return eventsOf(asked, "voteRequested").filter(({ request }) => membershipTarget(request) === joiner.id);
}

/** All members and a joiner whose key package the group has; `away` are not there. */
async function joinWithout(world: World, away: readonly Member[]): Promise<Member> {
  const present = vanish(world, away);
  const joiner = await join(world, "frank");
  await settle(world);
  for (const member of present) expect(member.state.changes.pending.has(joiner.id)).toBe(true);
  return joiner;
}

describe("W49: a joiner while the epoch steward is away", () => {
  test("de-mls-3: is not voted on in its epoch, as in 3.0.0", async () => {
    const { world } = await inMode("de-mls-3");
    const { steward, others } = castOf(world);
    const joiner = await joinWithout(world, [steward]);
    await advance(world, 170_000);
    expect(proposalsOf(joiner, others[0])).toEqual([]);
    await until(world, () => joiner.state.phase === "ended");
    expect(joiner.state.endReason).toBe("join-expired");
  });

  test("strict: is proposed by the backup steward after recoveryInactivityMs, once, and joins", async () => {
    const { world } = await inMode("strict");
    const { steward, backup, others } = castOf(world);
    const joiner = await joinWithout(world, [steward]);
    await advance(world, others[0].state.config.recoveryInactivityMs - 1);
    expect(proposalsOf(joiner, others[0])).toEqual([]);
    await advance(world, 1);
    await until(world, () => joiner.state.phase === "working");
    for (const member of others) expect(proposalsOf(joiner, member)).toMatchObject([{ proposer: backup.id }]);
    expect(joiner.state.group?.members).toContain(joiner.id);
  });

  test("strict: is proposed by a member that is no steward after two waits if both stewards are away", async () => {
    const { world } = await inMode("strict");
    const { steward, backup, others } = castOf(world);
    const joiner = await joinWithout(world, [steward, backup]);
    const first = others.map(({ id }) => id).sort()[0];
    const { recoveryInactivityMs } = others[0].state.config;
    await advance(world, 2 * recoveryInactivityMs - 1);
    expect(proposalsOf(joiner, others[0])).toEqual([]);
    await advance(world, 1);
    for (const member of others) expect(proposalsOf(joiner, member)).toMatchObject([{ proposer: first }]);
    await advance(world, 20_000);
    for (const member of others) expect(proposalsOf(joiner, member)).toHaveLength(1);
  });

  test("strict: is proposed by the epoch steward alone if it is there", async () => {
    const { world } = await inMode("strict");
    const { steward, others } = castOf(world);
    const joiner = await join(world, "frank");
    await until(world, () => joiner.state.phase === "working");
    for (const member of others)
      expect(proposalsOf(joiner, member)).toMatchObject([{ proposer: steward.id }]);
  });

  test("strict: joins once if the proposals of two members cross", async () => {
    const { world } = await inMode("strict");
    const { steward, backup, others } = castOf(world);
    const joiner = await joinWithout(world, [steward]);
    // The steward comes back with the key package just when the backup proposes; their packets take a second.
    world.arrives = () => true;
    world.delaysMs = () => [1_000];
    const { recoveryInactivityMs } = others[0].state.config;
    await advance(world, recoveryInactivityMs - 500);
    const pending = backup.state.changes.pending.get(joiner.id);
    if (pending === undefined) throw new Error("The change is not buffered.");
    const forged = forgedProposal(world, steward, pending.request);
    await sendUnchecked(world, steward, { kind: "proposal", proposal: forged });
    await advance(world, 5_000);
    for (const member of others) expect(proposalsOf(joiner, member)).toHaveLength(2);
    await until(world, () => joiner.state.phase === "working");
    const all = world.members;
    await until(world, () => shareEpoch(all));
    await advance(world, 120_000);
    expect(shareEpoch(all)).toBe(true);
    for (const member of all) {
      expect(member.state.changes.approved).toEqual([]);
      expect(eventsOf(member, "error")).toEqual([]);
    }
    for (const { proposalId } of proposalsOf(joiner, others[0]))
      expect(resultAt(others[0], proposalId)).toBe("yes");
  });

  test("strict: is proposed again after the rejection of a forged add in its name", async () => {
    const { world } = await inMode("strict");
    const { steward, backup, others } = castOf(world);
    const [mallory, reader] = others;
    const joiner = await joinWithout(world, [steward]);
    const forged = forgedProposal(world, mallory, {
      kind: "add",
      member: joiner.id,
      keyPackage: new Uint8Array(3),
    });
    await sendUnchecked(world, mallory, { kind: "proposal", proposal: forged });
    await until(world, () => resultAt(reader, forged.proposalId) === "no");
    expect(reader.state.changes.pending.has(joiner.id)).toBe(true);
    await until(world, () => joiner.state.phase === "working");
    expect(proposalsOf(joiner, reader).map(({ proposer }) => proposer)).toContain(backup.id);
  });

  test("strict: an add before its proposer's turn is voted on like any other, and not repeated", async () => {
    const { world } = await inMode("strict");
    const { steward, backup, others } = castOf(world);
    const joiner = await joinWithout(world, [steward]);
    const pending = backup.state.changes.pending.get(joiner.id);
    if (pending === undefined) throw new Error("The change is not buffered.");
    await propose(world, others[0], pending.request);
    await until(world, () => joiner.state.phase === "working");
    expect(proposalsOf(joiner, others[1])).toMatchObject([{ proposer: others[0].id }]);
  });
});
