import { issueInvitation, redeemInvitation } from "@demls/join";
import { createSeededRandom } from "@demls/testkit";
import { compareBytes } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import { dropUncommittable } from "../../src/approved/uncommittable-changes.js";
import type { ApprovedChange, Consent } from "../../src/model/changes.js";
import { invitationKeyOf } from "../../src/model/invitations.js";
import type { AddRequest } from "../../src/model/request.js";
import {
  additionOf,
  alter,
  fork,
  gather,
  nowSeconds,
  required,
  stranger,
  type Member,
  type World,
} from "../harness/index.js";
import { transactionOf } from "../lost-packets/material.js";

const settled = await gather(["alice", "bob", "carol", "dave", "erin", "frank"], {
  mode: "strict",
  fakes: true,
  config: { probationMs: 86_400_000, guestShare: 3 },
});

let world: World;
let alice: Member, bob: Member;

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  [alice, bob] = world.members.map(required) as [Member, Member];
  // None is on probation.
  for (const member of world.members) alter(member, "admission", { arrivals: new Map() });
});

type Ground = Pick<Consent, "invitation" | "vouched" | "kind">;

/** The members that alice still adds of those that were approved on one ground, by the smaller key package. */
async function keptOf(requests: readonly AddRequest[], ground: Ground): Promise<readonly string[]> {
  const consent = { ...ground, sponsor: bob.id, proposedAt: nowSeconds(world) };
  const approved: readonly ApprovedChange[] = requests.map((request, index) => ({
    ...{ proposalId: index + 1, request, proposer: bob.id, consent },
  }));
  alter(alice, "changes", { approved });
  const tx = transactionOf(world, alice);
  await dropUncommittable(tx);
  return tx.state.changes.approved.map(({ request }) => (request.kind === "add" ? request.member : ""));
}

const additions = (count: number): Promise<readonly AddRequest[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => additionOf(world, stranger(index), `${index}`)));

const firstOf = (requests: readonly AddRequest[], count: number): readonly string[] =>
  [...requests]
    .sort((a, b) => compareBytes(a.keyPackage, b.keyPackage))
    .slice(0, count)
    .map(({ member }) => member)
    .sort();

/** Votes that crossed have approved more than there is room for. */
describe("Of the approved additions, in whatever order, a commit carries out", () => {
  test.each([1, 2])("as many by one line as it has uses: %i of three", async (uses) => {
    const terms = { conversationName: "garden", groupId: alice.state.group.groupId, uses };
    const seconds = Number(nowSeconds(world));
    const random = createSeededRandom("line");
    const issued = await issueInvitation(terms, { signer: bob.signer, random, nowSeconds: seconds });
    const redeemed = (await additions(3)).map((request) => ({
      ...request,
      redemption: redeemInvitation(issued.secret, request.keyPackage, random),
    }));
    const ground = {
      kind: "default",
      invitation: invitationKeyOf(issued.invitation),
      vouched: false,
    } as const;
    for (const order of [redeemed, [...redeemed].reverse()])
      expect([...(await keptOf(order, ground))].sort()).toEqual(firstOf(redeemed, uses));
  });

  test("as many guests of one member as it may bring in: two of six settled members", async () => {
    const requests = await additions(4);
    const ground = { kind: "default", invitation: undefined, vouched: true } as const;
    for (const order of [requests, [...requests].reverse()])
      expect([...(await keptOf(order, ground))].sort()).toEqual(firstOf(requests, 2));
  });

  test("all that votes by hand have let in", async () => {
    const requests = await additions(4);
    const ground = { kind: "byHand", invitation: undefined, vouched: true } as const;
    expect(await keptOf(requests, ground)).toHaveLength(4);
  });
});
