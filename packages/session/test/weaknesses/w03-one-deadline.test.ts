import { describe, expect, test } from "vitest";
import type { CompatibilityMode } from "../../src/index.js";
import { removeRequest } from "../../src/model/request.js";
import {
  advance,
  eventsOf,
  forgedProposal,
  gatherInEachMode,
  resultAt,
  sendUnchecked,
  settle,
  type Member,
  type World,
} from "../harness/index.js";

const inMode = await gatherInEachMode(["alice", "bob", "carol", "dave"]);

/** A proposal whose owner goes offline after publishing it, and whose votes are lost. */
async function ownerVanishes(mode: CompatibilityMode) {
  const { world, members } = await inMode(mode);
  const [owner, target, ...others] = members as [Member, Member, ...Member[]];
  for (const member of members) member.signsAtOnce = false;
  const proposal = forgedProposal(world, owner, removeRequest(target.id));
  await sendUnchecked(world, owner, { kind: "proposal", proposal });
  await settle(world);
  owner.online = false;
  const { consensusTimeoutMs } = owner.state.config;
  return { world, peers: [target, ...others], proposalId: proposal.proposalId, consensusTimeoutMs };
}

function resultsAt(peers: readonly Member[], proposalId: number): (string | undefined)[] {
  return peers.map((peer) => resultAt(peer, proposalId));
}

async function settledAfter(world: World, peers: readonly Member[], waitMs: number): Promise<boolean> {
  await advance(world, waitMs - 1);
  const before = peers.flatMap((peer) => eventsOf(peer, "proposalDecided"));
  await advance(world, 1);
  const after = peers.map((peer) => eventsOf(peer, "proposalDecided").length);
  return before.length === 0 && after.every((count) => count === 1);
}

describe("W3: only the owner's clock ends a vote", () => {
  test("stays open without its owner until the deadline is enforced, which no 3.0.0 peer does", async () => {
    const { peers, proposalId } = await ownerVanishes("de-mls-3");
    expect(resultsAt(peers, proposalId)).toEqual(["active", "active", "active"]);
    // The decision rule alone waits forever: the proposal does not contain the deadline.
    const [peer] = peers as [Member];
    const { consensus } = peer.plugins;
    expect(consensus.onDeadline(peer.state.votes.sessions, proposalId, 0n)).toMatchObject({
      decision: { result: "yes" },
    });
  });

  test("de-mls-3: peers decide it, half a timeout after the owner's deadline", async () => {
    const { world, peers, consensusTimeoutMs } = await ownerVanishes("de-mls-3");
    expect(await settledAfter(world, peers, 1.5 * consensusTimeoutMs)).toBe(true);
  });

  test("strict: all members decide it at the same deadline", async () => {
    const { world, peers, consensusTimeoutMs } = await ownerVanishes("strict");
    expect(await settledAfter(world, peers, consensusTimeoutMs)).toBe(true);
  });
});
