import { issueInvitation, redeemInvitation } from "@demls/join";
import { expect, test } from "vitest";
import {
  additionOf,
  alter,
  command,
  epochOf,
  nowSeconds,
  part,
  runUntil,
  stranger,
} from "../harness/index.js";
import { enter, meet } from "./scene.js";

test("A joiner that both sides of a partition let in uses its invitation once", async () => {
  const { world, steward, backup, one, two } = await enter(4);
  const { invitation, secret } = await issueInvitation(
    { conversationName: "garden", groupId: steward.state.group.groupId, uses: 2 },
    { signer: one.signer, random: one.random, nowSeconds: nowSeconds(world) },
  );
  const addition = await additionOf(world, stranger(201), "one");
  const redemption = redeemInvitation(secret, addition.keyPackage, one.random);
  const request = { ...addition, redemption };
  await command(world, steward, { kind: "propose", request, creatorVote: "deferred" });
  const members = [steward, backup, one, two];
  await runUntil(world, () => members.every(({ state }) => state.changes.approved.length > 0));
  const at = epochOf(steward);
  part(world, [steward, one]);
  await runUntil(world, () => members.every((member) => epochOf(member) > at));
  await meet(world);
  const uses = members.map(
    ({ state }) => [...state.invitations.known.values()].find(({ id }) => id === invitation.id)?.uses,
  );
  expect(uses).toEqual([1, 1, 1, 1]);
});

test("A member that took the line for used up counts the guest that the others have let in by it", async () => {
  const { world, steward, backup, one, two } = await enter(4);
  const { invitation, secret } = await issueInvitation(
    { conversationName: "garden", groupId: steward.state.group.groupId },
    { signer: one.signer, random: one.random, nowSeconds: nowSeconds(world) },
  );
  const addition = await additionOf(world, stranger(201), "one");
  const request = { ...addition, redemption: redeemInvitation(secret, addition.keyPackage, one.random) };
  await command(world, steward, { kind: "propose", request, creatorVote: "deferred" });
  const members = [steward, backup, one, two];
  await runUntil(world, () => members.every(({ state }) => state.changes.approved.length > 0));
  const [change] = two.state.changes.approved;
  if (change?.consent === undefined) throw new Error("The addition has no ground.");
  alter(two, "changes", { approved: [{ ...change, consent: { ...change.consent, invitation: undefined } }] });
  const at = epochOf(steward);
  await runUntil(world, () => members.every((member) => epochOf(member) > at));
  const uses = members.map(
    ({ state }) => [...state.invitations.known.values()].find(({ id }) => id === invitation.id)?.uses,
  );
  expect(uses).toEqual([1, 1, 1, 1]);
});
