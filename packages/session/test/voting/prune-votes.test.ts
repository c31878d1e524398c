import { beforeEach, describe, expect, test } from "vitest";
import { deadlockRequest } from "../../src/model/request.js";
import {
  advance,
  ban,
  defaultVotesOf,
  eventsOf,
  forgedProposal,
  fork,
  gather,
  type Member,
  ownProposalsOf,
  receive,
  sealed,
  settle,
  sign,
  signaturesOf,
  until,
  vote,
  type World,
} from "../harness/index.js";

const settled = await gather(["alice", "bob", "carol", "dave", "erin"]);

let world: World;
let reader: Member, writer: Member, flooder: Member;

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  [reader, writer, flooder] = world.members as [Member, Member, Member];
});

/** Opens any number of votes of a member at the same time. */
async function flood(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const proposal = forgedProposal(world, flooder, deadlockRequest(flooder.id, 1n));
    await receive(world, reader, await sealed(flooder, { kind: "proposal", proposal }));
  }
}

describe("A vote evicted by newer ones", () => {
  test("leaves no state after the step", async () => {
    await flood(60);
    const { consensus } = reader.plugins;
    const { state } = reader;
    const remembered = new Set(consensus.proposals(state.votes.sessions).map(({ proposalId }) => proposalId));
    expect(remembered.size).toBe(consensus.maxSessions);
    for (const proposalId of state.votes.open.keys()) expect(remembered).toContain(proposalId);
  });

  test("that this member proposed is abandoned, with an event", async () => {
    const id = await ban(world, reader, writer);
    await flood(20);
    expect(ownProposalsOf(reader).has(id)).toBe(false);
    expect(eventsOf(reader, "proposalDecided")).toContainEqual(
      expect.objectContaining({ proposalId: id, result: "failed" }),
    );
  });

  test("drops its requested signature, and a late signature changes nothing", async () => {
    reader.signsAtOnce = false;
    await flood(1);
    const [request] = defaultVotesOf(reader).keys();
    await vote(world, reader, request as number, false);
    expect(signaturesOf(reader).length).toBe(1);
    await flood(20);
    expect(signaturesOf(reader).length).toBe(0);
    const before = reader.state;
    const { effects } = await sign(world, reader, reader.unsigned[0] as never);
    expect(effects).toEqual([]);
    expect(reader.state).toBe(before);
  });
});

describe("A signer that never answers", () => {
  test("has no more pending signatures than there are votes", async () => {
    reader.signsAtOnce = false;
    for (let round = 0; round < 8; round++) {
      await flood(9);
      await advance(world, 12_000);
    }
    expect(signaturesOf(reader).length).toBeLessThanOrEqual(reader.plugins.consensus.maxSessions);
  });

  test("may answer after this member's decision, because other members may need the vote", async () => {
    reader.signsAtOnce = false;
    const id = await ban(world, writer, flooder);
    await settle(world);
    await vote(world, reader, id, true);
    await until(world, () => reader.state.votes.resolved.includes(id));
    reader.online = false;
    const sent = reader.state.outbox.entries.length;
    await sign(world, reader, reader.unsigned[0] as never);
    expect(reader.state.outbox.entries).toHaveLength(sent + 1);
    expect(eventsOf(reader, "error")).toEqual([]);
  });
});
