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

/** A proposal whose owner is gone once it is out, and on which nobody's vote gets through. */
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
  test("whose owner vanishes, it is open until somebody calls the deadline, as no peer of 3.0.0 does", async () => {
    const { peers, proposalId } = await ownerVanishes("de-mls-3");
    expect(resultsAt(peers, proposalId)).toEqual(["active", "active", "active"]);
    // The rule alone waits for ever: nothing in the proposal says when silence counts.
    const [peer] = peers as [Member];
    const { consensus } = peer.plugins;
    expect(consensus.onDeadline(peer.state.votes.sessions, proposalId, 0n)).toMatchObject({
      decision: { result: "yes" },
    });
  });

  test("de-mls-3: peers settle it by themselves, half as long after the owner would have", async () => {
    const { world, peers, consensusTimeoutMs } = await ownerVanishes("de-mls-3");
    expect(await settledAfter(world, peers, 1.5 * consensusTimeoutMs)).toBe(true);
  });

  test("strict: all settle it at the same deadline, the owner's", async () => {
    const { world, peers, consensusTimeoutMs } = await ownerVanishes("strict");
    expect(await settledAfter(world, peers, consensusTimeoutMs)).toBe(true);
  });
});
