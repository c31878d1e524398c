import {
  prepareVote,
  withSignature,
  type ChangeRequest,
  type ConsensusContext,
  type Decision,
  type Tally,
} from "@demls/consensus";
import { consensusContract, createFakeSigner, fakeVoteVerifier } from "@demls/testkit";
import { memberIdFromBytes, type MemberId } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import { createStewardMajority } from "../src/steward-majority.js";

describe("The majority of stewards", () => {
  for (const { name, run } of consensusContract(createStewardMajority)) test(name, run);
});

const NOW = 1_800_000_000n;
const context: ConsensusContext = { nowSeconds: NOW, verifier: fakeVoteVerifier };
const consensus = createStewardMajority();
const signers = Array.from({ length: 9 }, (_, i) => createFakeSigner(new Uint8Array(20).fill(i + 1)));
const members = signers.map(({ identity }) => memberIdFromBytes(identity));

/** Results of a vote after each steward's vote, and after the deadline. */
async function story(
  expectedVoters: number,
  choices: readonly boolean[],
  livenessCriteriaYes = true,
): Promise<readonly [...Tally["state"][], Decision["result"] | "unknown"]> {
  const request = { proposalId: 7, name: "n", payload: new Uint8Array(1), owner: new Uint8Array(20) };
  const limits = { expectedVoters, expirationSeconds: 60n, livenessCriteriaYes };
  let { state, proposal } = consensus.open(consensus.empty(), { ...request, ...limits }, NOW);
  const states: Tally["state"][] = [];
  for (const [i, choice] of choices.entries()) {
    const signer = signers[i]!;
    const unsigned = prepareVote(proposal, { voter: signer.identity, choice, voteId: 1 }, NOW);
    const vote = withSignature(unsigned, signer.sign(unsigned.message));
    state = (await consensus.ingestVote(state, vote, context)).state;
    const tally = consensus.tally(state, 7)!;
    proposal = tally.proposal;
    states.push(tally.state);
  }
  const ended = consensus.onDeadline(state, 7, NOW);
  return [...states, ended.kind === "decided" ? ended.decision.result : "unknown"];
}

const [Y, N] = [true, false];

describe("A majority of the stewards", () => {
  test.each([
    ["two of three say yes", 3, [Y, Y], ["active", "yes", "yes"]],
    ["two of three say no", 3, [N, N], ["active", "no", "no"]],
    ["one of them says otherwise", 3, [N, Y, Y], ["active", "active", "yes", "yes"]],
    ["half of four say no, which a yes cannot turn", 4, [Y, N, N], ["active", "active", "no", "no"]],
    [
      "half of four say yes, which a no can turn",
      4,
      [Y, Y, N, N],
      ["active", "active", "active", "no", "no"],
    ],
    ["the only one says yes", 1, [Y], ["yes", "yes"]],
  ])("decides at once: %s", async (_what, stewards, choices, expected) => {
    expect(await story(stewards, choices)).toEqual(expected);
  });

  test.each([
    ["yes, where silence is yes and few object", 5, [N, N], true, "yes"],
    ["no, where silence is no and few agree", 5, [Y, Y], false, "no"],
    ["no at a tie", 4, [N, N], true, "no"],
  ] as const)(
    "includes missing votes at the deadline: %s",
    async (_what, stewards, choices, liveness, end) => {
      expect((await story(stewards, choices, liveness)).at(-1)).toBe(end);
    },
  );
});

test("The majority of stewards rejects conversations that are not strict", () => {
  const refusal = expect.objectContaining({ code: "unsupported-consensus", field: "consensus" });
  expect(() => consensus.checkRules?.({ tally: "two-thirds" })).toThrow(refusal);
  expect(() => consensus.checkRules?.({ tally: "majority" })).not.toThrow();
});

describe("The electorate of a proposal", () => {
  const stewards = [members[4], members[1], members[8]] as MemberId[];

  const member = memberIdFromBytes(new Uint8Array(20).fill(1));
  const changes: readonly ChangeRequest[] = [
    { kind: "add", keyPackage: Uint8Array.of(1), member },
    { kind: "remove", member },
  ];
  const others: readonly ChangeRequest[] = [
    { kind: "electStewards", stewards: [member], electionEpoch: 1n, retryRound: 0 },
    { kind: "emergency", evidence: undefined },
  ];

  test.each(changes)("of kind $kind is the present stewards", (request) => {
    expect(consensus.electorate(request, members.slice(0, 6), stewards)).toEqual([members[1], members[4]]);
    expect(consensus.electorate(request, members.slice(0, 1), stewards)).toEqual([members[0]]);
    expect(consensus.electorate(request, members, undefined)).toBeUndefined();
  });

  test.each(others)("of kind $kind is all members", (request) => {
    expect(consensus.electorate(request, members, undefined)).toEqual(members);
    expect(consensus.electorate(request, members, stewards)).toEqual(members);
  });
});
