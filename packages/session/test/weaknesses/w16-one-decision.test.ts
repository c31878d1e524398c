import { createHashgraphConsensus } from "@demls/consensus";
import { describe, expect, test } from "vitest";
import { removeRequest } from "../../src/model/request.js";
import {
  advance,
  ban,
  eventsOf,
  forgedProposal,
  gatherInEachMode,
  MODES,
  proposalAt,
  receiveVote,
  settle,
  signedVote,
  type Member,
} from "../harness/index.js";

const inMode = await gatherInEachMode(["alice", "bob", "carol", "dave", "erin"]);

describe("W16: late votes", () => {
  test("announce the same decision repeatedly in 3.0.0", async () => {
    const { world, members } = await inMode("de-mls-3");
    const [alice, bob, carol, dave, erin] = members as [Member, Member, Member, Member, Member];
    const proposal = forgedProposal(world, alice, removeRequest(bob.id));
    const context = { nowSeconds: proposal.timestamp, verifier: alice.plugins.verifier };
    const consensus = createHashgraphConsensus();
    let { state } = await consensus.ingestProposal(consensus.empty(), proposal, context);
    const announced: unknown[] = [];
    for (const { signer } of [alice, bob, carol, dave, erin]) {
      const result = await consensus.ingestVote(
        state,
        await signedVote(world, signer, proposal, true),
        context,
      );
      state = result.state;
      announced.push(result.kind === "accepted" ? result.decision?.result : result.code);
    }
    expect(announced).toEqual([undefined, undefined, undefined, "yes", "yes"]);
  });

  test.each(MODES)("%s: a proposal is decided once, with one event", async (mode) => {
    const { world, members } = await inMode(mode);
    const [alice, bob, carol, dave, erin] = members as [Member, Member, Member, Member, Member];
    const id = await ban(world, alice, erin);
    await settle(world);
    const proposal = proposalAt(bob, id);
    for (const voter of [carol, dave, erin]) await receiveVote(world, bob, voter, proposal, true);
    expect(eventsOf(bob, "proposalDecided")).toMatchObject([{ proposalId: id, result: "yes" }]);
    // The same votes again, further votes of voters that have voted, and the deadline.
    for (const voter of [alice, carol, dave, erin]) await receiveVote(world, bob, voter, proposal, true);
    await advance(world, 50_000);
    expect(eventsOf(bob, "proposalDecided").filter(({ proposalId }) => proposalId === id)).toHaveLength(1);
    expect(bob.state.changes.approved.filter(({ proposalId }) => proposalId === id)).toHaveLength(1);
  });
});
