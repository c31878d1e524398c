import { issueInvitation, memberKey, redeemInvitation } from "@demls/join";
import { createSeededRandom } from "@demls/testkit";
import { decodeWelcomeMessage, encodeWelcomeMessage } from "@demls/wire";
import { bytesToHex, WELCOME_SUBTOPIC } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import { LIMITS } from "../../src/model/limits.js";
import { removeRequest } from "../../src/model/request.js";
import {
  alter,
  command,
  gather,
  isSynced,
  join,
  nowSeconds,
  packetOf,
  receive,
  required,
  runFor,
  settle,
  until,
  type Member,
  type World,
} from "../harness/index.js";

let world: World;
let alice: Member, bob: Member, guest: Member;
let keyPackage: Uint8Array;
/** Secret of an invitation by alice, whose deputy bob is. */
let secret: Uint8Array;
/** Confirmations that were sent, in hex. */
let confirmations: Set<string>;
const random = createSeededRandom("redemptions");

beforeEach(async () => {
  ({ world } = await gather(["alice", "bob"], { mode: "strict", fakes: true }));
  [alice, bob] = world.members.map(required) as [Member, Member];
  const terms = { conversationName: "garden", groupId: alice.state.group.groupId };
  const issued = await issueInvitation(terms, {
    signer: alice.signer,
    random,
    nowSeconds: nowSeconds(world),
  });
  ({ secret } = issued);
  const { id } = issued.invitation;
  await command(world, alice, { kind: "shareInvitation", id, expiresAt: 0n, memberKey: memberKey(secret) });
  guest = await join(world, "mallory");
  keyPackage = guest.keyPackages[0]?.bytes ?? new Uint8Array();
  await until(world, () => isSynced(guest));
  await runFor(world, 120_000);
  confirmations = new Set();
  world.reads = ({ subtopic, payload }) => {
    const decoded = subtopic === WELCOME_SUBTOPIC ? decodeWelcomeMessage(payload) : undefined;
    if (decoded?.ok === true && decoded.value.kind === "group_confirmation")
      confirmations.add(bytesToHex(payload));
  };
});

/** The guest announces its spent key package to a member, each time with another nonce. */
async function ask(member: Member, times = 1): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    const redemption = redeemInvitation(secret, keyPackage, random);
    const announcement = { kind: "user_key_package", keyPackageBytes: keyPackage, redemption } as const;
    const payload = encodeWelcomeMessage(announcement);
    await receive(world, member, packetOf(guest, payload, WELCOME_SUBTOPIC));
  }
  await settle(world);
  await runFor(world, 10_000);
}

test("A guest that redeems its invitation again and again has 32 confirmations a minute", async () => {
  await ask(alice, 3 * LIMITS.confirmationsPerMinute);
  expect(confirmations.size).toBe(LIMITS.confirmationsPerMinute);
  await runFor(world, 61_000);
  await ask(alice);
  expect(confirmations.size).toBe(LIMITS.confirmationsPerMinute + 1);
});

describe("A deputy", () => {
  test("confirms in place of its inviter", async () => {
    await ask(bob);
    expect(confirmations.size).toBe(1);
  });

  test.each(["alice", "bob"] as const)(
    "confirms nothing once the removal of %s is approved",
    async (name) => {
      const removed = { alice, bob }[name];
      const approved = [{ proposalId: 7, request: removeRequest(removed.id), proposer: guest.id }];
      alter(bob, "changes", { approved });
      await ask(bob);
      expect(confirmations.size).toBe(0);
    },
  );

  test("confirms nothing if its inviter is removed while it waits for its turn", async () => {
    const redemption = redeemInvitation(secret, keyPackage, random);
    const announcement = { kind: "user_key_package", keyPackageBytes: keyPackage, redemption } as const;
    await receive(world, bob, packetOf(guest, encodeWelcomeMessage(announcement), WELCOME_SUBTOPIC));
    alter(bob, "changes", {
      approved: [{ proposalId: 7, request: removeRequest(alice.id), proposer: guest.id }],
    });
    await runFor(world, 10_000);
    expect(confirmations.size).toBe(0);
  });
});
