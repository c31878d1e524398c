import type { MemberId } from "@demls/wire/core";
import { describe, expect, it } from "vitest";
import { createHashgraphConsensus, createStewardConsensus, type ChangeRequest } from "../src/index.js";

const [alice, bob, carol, gone] = ["aa", "bb", "cc", "dd"] as MemberId[] as [
  MemberId,
  MemberId,
  MemberId,
  MemberId,
];
const members = [alice, bob, carol];
const consensus = createStewardConsensus();

const MEMBERSHIP: readonly ChangeRequest[] = [
  { kind: "add", keyPackage: Uint8Array.of(1), member: gone },
  { kind: "remove", member: bob },
];
const OTHERS: readonly ChangeRequest[] = [
  { kind: "electStewards", stewards: [alice], electionEpoch: 1n, retryRound: 0 },
  { kind: "emergency", evidence: undefined },
];

describe("consensus by stewards only", () => {
  it.each(MEMBERSHIP)("lets stewards in the group vote on an $kind, in the order of members", (request) => {
    expect(consensus.electorate(request, members, [gone, carol, alice])).toEqual([alice, carol]);
  });

  it.each(MEMBERSHIP)("lets all members vote on an $kind without remaining stewards", (request) => {
    expect(consensus.electorate(request, members, [gone])).toEqual(members);
    expect(consensus.electorate(request, members, [])).toEqual(members);
  });

  it.each(MEMBERSHIP)("returns no electorate for an $kind without a list", (request) => {
    expect(consensus.electorate(request, members, undefined)).toBeUndefined();
  });

  it.each(OTHERS)("lets all members vote on an $kind, with any list", (request) => {
    expect(consensus.electorate(request, members, [alice])).toEqual(members);
    expect(consensus.electorate(request, members, undefined)).toEqual(members);
  });

  it("has the options of the default algorithm", () => {
    expect(createStewardConsensus({ maxSessions: 3 }).maxSessions).toBe(3);
    const everyone = createHashgraphConsensus();
    for (const request of [...MEMBERSHIP, ...OTHERS])
      expect(everyone.electorate(request, members, undefined)).toEqual(members);
  });
});
