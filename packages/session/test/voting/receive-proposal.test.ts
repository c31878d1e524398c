import { expect, test } from "vitest";
import { ban, castOf, gatherInEachMode, MODES, settle } from "../harness/index.js";

const inMode = await gatherInEachMode(["alice", "bob", "carol", "dave", "erin"], { fakes: true });

test.each(MODES)(
  "A vote is requested before the vote that came with its proposal is shown (%s)",
  async (mode) => {
    const { world } = await inMode(mode);
    const { steward, others } = castOf(world);
    const [asked, target] = others;
    const before = asked.events.length;
    const proposalId = await ban(world, steward, target);
    await settle(world);
    const ofVote = asked.events.slice(before).filter((event) => "proposalId" in event);
    expect(ofVote).toMatchObject([
      { kind: "voteRequested", proposalId },
      { kind: "voteCast", proposalId, voter: steward.id, vote: true },
    ]);
  },
);
