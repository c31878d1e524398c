import type { MemberId } from "@demls/wire/core";
import { describe, expect, it } from "vitest";
import { createHashgraphConsensus, createStewardConsensus, type ProposalKind } from "../src/index.js";

const [alice, bob, carol, gone] = ["aa", "bb", "cc", "dd"] as MemberId[] as [
  MemberId,
  MemberId,
  MemberId,
  MemberId,
];
const members = [alice, bob, carol];
const consensus = createStewardConsensus();

const MEMBERSHIP: readonly ProposalKind[] = ["invite_member", "remove_member"];
const OTHERS: readonly ProposalKind[] = ["steward_election", "emergency_criteria"];

describe("consensus by stewards only", () => {
  it.each(MEMBERSHIP)("asks the stewards that are members of an %s, in the order of the members", (kind) => {
    expect(consensus.electorate(kind, members, [gone, carol, alice])).toEqual([alice, carol]);
  });

  it.each(MEMBERSHIP)("asks everyone of an %s where no steward is left", (kind) => {
    expect(consensus.electorate(kind, members, [gone])).toEqual(members);
    expect(consensus.electorate(kind, members, [])).toEqual(members);
  });

  it.each(MEMBERSHIP)("cannot say who votes on an %s while there is no list", (kind) => {
    expect(consensus.electorate(kind, members, undefined)).toBeUndefined();
  });

  it.each(OTHERS)("asks everyone of an %s, whatever the list", (kind) => {
    expect(consensus.electorate(kind, members, [alice])).toEqual(members);
    expect(consensus.electorate(kind, members, undefined)).toEqual(members);
  });

  it("is configured like the default algorithm, which asks everyone of everything", () => {
    expect(createStewardConsensus({ maxSessions: 3 }).maxSessions).toBe(3);
    const everyone = createHashgraphConsensus();
    for (const kind of [...MEMBERSHIP, ...OTHERS])
      expect(everyone.electorate(kind, members, undefined)).toEqual(members);
  });
});
