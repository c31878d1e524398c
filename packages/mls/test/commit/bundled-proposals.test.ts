import { memberIdFromBytes, utf8ToBytes } from "@demls/wire/core";
import type { Proposal } from "ts-mls";
import { encodeKeyPackage } from "ts-mls/keyPackage.js";
import { describe, expect, test } from "vitest";
import { clientState, groupOf, type GroupMember } from "../group-members.js";
import { add, borrowingCandidate, rawCandidate, suite, twistedKeyPackage } from "../forged-candidates.js";

async function three(): Promise<[GroupMember, GroupMember, GroupMember]> {
  const [alice, bob, carol] = await groupOf(["alice", "bob", "carol"]);
  if (!alice || !bob || !carol) throw new Error("unreachable");
  return [alice, bob, carol];
}

const removeCarol: Proposal = { proposalType: "remove", remove: { removed: 2 } };

describe("a proposal bundled twice, as in de-mls 3.0.0 for a key package voted in twice", () => {
  test("has one reference, counts once, and leads all members to the same epoch", async () => {
    const [alice, bob, carol] = await three();
    const dave = await twistedKeyPackage("dave");
    const { proposals, commit } = await rawCandidate(clientState(alice.group), [add(dave), add(dave)]);
    expect(proposals).toHaveLength(2);
    expect(proposals[0]).not.toEqual(proposals[1]);
    const authenticators: unknown[] = [];
    for (const { mls, group } of [bob, carol]) {
      const { outcome, group: after } = await mls.stage(group, proposals, commit);
      if (outcome.kind !== "staged") throw new Error(outcome.reason);
      expect(outcome.staged.actions).toMatchObject([
        { kind: "add", member: memberIdFromBytes(utf8ToBytes("dave")) },
      ]);
      expect(outcome.staged.proposalSenders).toEqual([alice.mls.identity]);
      authenticators.push(mls.merge(after, outcome.staged).epochAuthenticator);
    }
    expect(authenticators[0]).toEqual(authenticators[1]);
  });

  test("counts once beside other proposals", async () => {
    const [alice, bob] = await three();
    const [dave, erin] = [await twistedKeyPackage("dave"), await twistedKeyPackage("erin")];
    const adds = [add(dave), add(erin), add(dave)];
    const { proposals, commit } = await rawCandidate(clientState(alice.group), adds);
    const { outcome } = await bob.mls.stage(bob.group, proposals, commit);
    if (outcome.kind !== "staged") throw new Error(outcome.reason);
    expect(outcome.staged.actions).toHaveLength(2);
    expect(outcome.staged.proposalSenders).toHaveLength(2);
  });
});

describe("a proposal inside the commit", () => {
  test("is listed in its actions, but not in the bundled proposals", async () => {
    const [alice, bob, carol] = await three();
    const dave = await twistedKeyPackage("dave");
    const hidden = [add(dave), removeCarol];
    const erin = await twistedKeyPackage("erin");
    const { proposals, commit } = await rawCandidate(clientState(alice.group), [add(erin)], suite, hidden);
    expect(proposals).toHaveLength(1);
    const { outcome } = await bob.mls.stage(bob.group, proposals, commit);
    if (outcome.kind !== "staged") throw new Error(outcome.reason);
    expect(outcome.staged.proposalSenders).toEqual([alice.mls.identity]);
    expect(outcome.staged.actions).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: "add", member: memberIdFromBytes(utf8ToBytes("erin")) }),
        expect.objectContaining({ kind: "add", member: memberIdFromBytes(utf8ToBytes("dave")) }),
        { kind: "remove", member: carol.mls.identity },
      ]),
    );
    expect(outcome.staged.actions).toHaveLength(3);
  });
});

test("a bundled proposal of another member is reported with its signer", async () => {
  const [alice, bob, carol] = await three();
  const dave = await twistedKeyPackage("dave");
  const { proposals, commit } = await borrowingCandidate(
    clientState(alice.group),
    clientState(bob.group),
    add(dave),
  );
  const { outcome } = await carol.mls.stage(carol.group, proposals, commit);
  if (outcome.kind !== "staged") throw new Error(outcome.reason);
  expect(outcome.staged).toMatchObject({
    sender: alice.mls.identity,
    proposalSenders: [bob.mls.identity],
    actions: [{ kind: "add", member: memberIdFromBytes(utf8ToBytes("dave")) }],
  });
  expect((await carol.mls.canAdd(carol.group, encodeKeyPackage(dave))).ok).toBe(true);
});
