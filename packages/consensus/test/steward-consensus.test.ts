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
  it.each(MEMBERSHIP)(
    "asks the stewards that are members of an $kind, in the order of the members",
    (request) => {
      expect(consensus.electorate(request, members, [gone, carol, alice])).toEqual([alice, carol]);
    },
  );

  it.each(MEMBERSHIP)("asks everyone of an $kind where no steward is left", (request) => {
    expect(consensus.electorate(request, members, [gone])).toEqual(members);
    expect(consensus.electorate(request, members, [])).toEqual(members);
  });

  it.each(MEMBERSHIP)("cannot say who votes on an $kind while there is no list", (request) => {
    expect(consensus.electorate(request, members, undefined)).toBeUndefined();
  });

  it.each(OTHERS)("asks everyone of an $kind, whatever the list", (request) => {
    expect(consensus.electorate(request, members, [alice])).toEqual(members);
    expect(consensus.electorate(request, members, undefined)).toEqual(members);
  });

  it("is configured like the default algorithm, which asks everyone of everything", () => {
    expect(createStewardConsensus({ maxSessions: 3 }).maxSessions).toBe(3);
    const everyone = createHashgraphConsensus();
    for (const request of [...MEMBERSHIP, ...OTHERS])
      expect(everyone.electorate(request, members, undefined)).toEqual(members);
  });
});
