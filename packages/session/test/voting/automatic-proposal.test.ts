import { selfLeaveProposalId } from "@demls/consensus";
import { DemlsError, memberIdToBytes } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import { type Environment, type Input, step, type StepResult } from "../../src/step/index.js";
import { deadlockRequest, removeRequest } from "../../src/model/request.js";
import {
  altered,
  environmentOf,
  epochStewardOf,
  forgedProposal,
  fork,
  gather,
  type Member,
  nowSeconds,
  ownProposalsOf,
  receive,
  sealed,
  stepEvents,
  type TestState,
  type World,
} from "../harness/index.js";

const settled = await gather(["alice", "bob", "carol", "dave", "erin"]);

let world: World;
let members: Member[];

beforeEach(async () => {
  ({ world, members } = await fork(settled.world));
});

/** Fills all session slots of a member with votes opened now. */
async function fill(member: Member, from: Member): Promise<void> {
  for (let i = 0; i < member.plugins.consensus.maxSessions; i++) {
    const proposal = forgedProposal(world, from, deadlockRequest(from.id, 1n));
    await receive(world, member, await sealed(from, { kind: "proposal", proposal }));
  }
}

describe("A wall clock that steps back while all the proposals that are kept are younger", () => {
  let reader: Member;
  let erin: Member;
  const later = (input: Input, state = reader.state): Promise<StepResult> => {
    const env = environmentOf(world, reader);
    return step(state, input, { ...env, nowSeconds: env.nowSeconds - 60n });
  };

  beforeEach(async () => {
    [reader, , , , erin] = members as [Member, Member, Member, Member, Member];
    await fill(reader, erin);
  });

  test("leaves the timers running, and a leave goes out", async () => {
    // An emergency would have it wait, or ten open votes: one is settled, and only their number is looked at here.
    const { consensus } = reader.plugins;
    const [oldest] = consensus.proposals(reader.state.votes.sessions);
    const settledOne = consensus.onDeadline(
      reader.state.votes.sessions,
      oldest?.proposalId ?? 0,
      nowSeconds(world),
    );
    const votes = altered(reader.state, "votes", { sessions: settledOne.state, open: new Map() });
    const wishing = altered(votes, "leave", { requested: true });
    const { state, effects } = await later({ kind: "tick" }, wishing);
    expect(ownProposalsOf({ state: state as TestState }).has(selfLeaveProposalId(reader.id))).toBe(true);
    expect(effects.filter(({ kind }) => kind === "sign")).toHaveLength(1);
  });

  test("has another's proposal counted", async () => {
    const proposal = forgedProposal(world, erin, removeRequest(erin.id));
    const packet = await sealed(erin, { kind: "proposal", proposal });
    const { state, outcome } = await later({ kind: "packet", packet });
    expect(outcome).toMatchObject({ kind: "accepted", what: "proposal" });
    const { consensus } = reader.plugins;
    const { sessions } = (state as TestState).votes;
    expect(consensus.tally(sessions, proposal.proposalId)).toMatchObject({ state: "active" });
  });
});

describe("A proposal that this member should open by itself, and cannot", () => {
  /** A member's plug-ins with a consensus plug-in that opens no proposal. */
  function unable(member: Member): Environment {
    const env = environmentOf(world, member);
    const open = (): never => {
      throw new DemlsError("invalid-timeout", { message: "It opens nothing.", remedy: "None." });
    };
    return { ...env, plugins: { ...env.plugins, consensus: { ...env.plugins.consensus, open } } };
  }

  test("is an error event, and the leave is tried again in the next step", async () => {
    const [alice] = members as [Member];
    const wishing = altered(alice.state, "leave", { requested: true });
    const failed = await step(wishing, { kind: "tick" }, unable(alice));
    expect(stepEvents(failed)).toEqual([
      { kind: "error", code: "opening-failed", operation: "leave", message: "It opens nothing." },
    ]);
    const { state } = await step(failed.state, { kind: "tick" }, environmentOf(world, alice));
    expect(ownProposalsOf({ state: state as TestState }).has(selfLeaveProposalId(alice.id))).toBe(true);
  });

  test("leaves the rest of the step as it is: a ban request is noted", async () => {
    const steward = epochStewardOf(world, members[0] as Member);
    const [asker, target] = members.filter((member) => member !== steward) as [Member, Member];
    const packet = await sealed(asker, {
      kind: "ban_request",
      userToBan: memberIdToBytes(target.id),
      conversationName: "garden",
    });
    const result = await step(steward.state, { kind: "packet", packet }, unable(steward));
    expect(result.outcome).toMatchObject({ kind: "accepted", what: "banRequest" });
    expect([...(result.state as TestState).changes.pending.keys()]).toEqual([target.id]);
    expect(stepEvents(result)).toMatchObject([{ kind: "error", operation: "bufferedChange" }]);
  });
});
