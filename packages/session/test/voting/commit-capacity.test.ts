import { MAX_PACKET_BYTES } from "@demls/wire";
import { memberIdFromBytes } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import { removeRequest } from "../../src/model/request.js";
import {
  additionOf,
  advance,
  approve,
  candidatesBy,
  castOf,
  epochStewardOf,
  eventsOf,
  forgedProposal,
  fork,
  freezeNow,
  gather,
  keyPackageOf,
  keyPackagePacket,
  leave,
  type Letter,
  type Member,
  propose,
  receive,
  sendUnchecked,
  settle,
  shareEpoch,
  stranger,
  take,
  until,
  type World,
} from "../harness/index.js";

const NAMES = ["alice", "bob", "carol", "dave", "erin"];
const settled = await gather(NAMES);
/** For tests of many members, in which real key packages would take most of the time. */
const faked = await gather(NAMES, { fakes: true });
const DAY_SECONDS = 86_400;

let world: World;
let members: Member[];

beforeEach(async () => {
  ({ world, members } = await fork(settled.world));
});

/** JSON may end with any white space, so anyone can lengthen a key package of another member. */
function padded(keyPackage: Uint8Array, length: number): Uint8Array {
  const longer = new Uint8Array(length).fill(0x20);
  longer.set(keyPackage);
  return longer;
}

/** Requests to add as many strangers as one commit holds. */
function fiftyAdditions(seed: string) {
  return Promise.all(Array.from({ length: 50 }, (_, i) => additionOf(world, stranger(i), `${seed} ${i}`)));
}

/** A non-member sends a key package to all members. */
async function announce(keyPackage: Uint8Array): Promise<readonly unknown[]> {
  const packet = keyPackagePacket({ appId: new Uint8Array(16).fill(9) }, keyPackage);
  const outcomes = [];
  for (const member of members) outcomes.push(await receive(world, member, packet));
  return outcomes;
}

function refusal(detail: string): readonly unknown[] {
  return members.map(() => ({ kind: "rejected", reason: "invalid-key-package", detail }));
}

function errorsOf(member: Member): readonly string[] {
  return eventsOf(member, "error").map(({ operation }) => operation);
}

/** A member that is not a steward, so that its removal leads to no election. */
function bystanders(): [Member, Member, Member] {
  return castOf(world).others;
}

describe("data that exceed one packet", () => {
  test("a key package of nearly a packet's length is refused, and the group stays whole", async () => {
    const large = padded(await keyPackageOf(world, stranger(1), "large"), MAX_PACKET_BYTES - 200);
    expect(await announce(large)).toEqual(refusal("too-large"));
    await advance(world, 300_000);
    for (const member of members) expect(eventsOf(member, "voteRequested")).toEqual([]);
    expect(shareEpoch(members)).toBe(true);
  });

  test("fifty key packages of the greatest length are added by one commit", async () => {
    const requests = (await fiftyAdditions("many")).map(({ keyPackage, ...request }) => ({
      ...request,
      keyPackage: padded(keyPackage, 16_384),
    }));
    await approve(world, ...requests);
    const [first] = members as [Member];
    await until(world, () => members.every(({ state }) => state.group?.members.length === 55));
    expect(shareEpoch(members)).toBe(true);
    expect(errorsOf(first)).toEqual([]);
  }, 60_000);

  test("a longer request is rejected for its proposer, and leaves nothing in the state", async () => {
    const [asker] = members as [Member];
    const before = asker.state;
    const evidence = {
      violation: "brokenCommit" as const,
      target: members[1]?.id ?? asker.id,
      payload: new Uint8Array(MAX_PACKET_BYTES),
      epoch: 1n,
      creator: asker.id,
    };
    await expect(propose(world, asker, { kind: "emergency", evidence })).rejects.toMatchObject({
      code: "request-too-large",
      field: "request",
    });
    expect(asker.state).toBe(before);
  });

  test("a longer candidate is neither sent nor stored, but reported", async () => {
    const steward = epochStewardOf(world, members[0] as Member);
    const [target] = bystanders();
    const mls = {
      ...steward.mls,
      createCandidate: async (...args: Parameters<typeof steward.mls.createCandidate>) => {
        const made = await steward.mls.createCandidate(...args);
        const commit = new Uint8Array(MAX_PACKET_BYTES);
        return { ...made, candidate: { ...made.candidate, commit } };
      },
    };
    Object.assign(steward, { plugins: { ...steward.plugins, mls } });
    const sent: Letter[] = [];
    world.arrives = (letter) => {
      if (letter.from === steward) sent.push(letter);
      return true;
    };
    await approve(world, removeRequest(target.id));
    world.nowMs += steward.state.config.commitInactivityMs;
    const { effects } = await take(world, steward, { kind: "tick" });
    expect(steward.state.phase).toBe("freezing");
    expect(candidatesBy(steward, steward)).toEqual([]);
    // The discarded epoch has secrets that are no longer needed.
    expect(effects.filter(({ kind }) => kind === "discardGroup")).toHaveLength(1);
    expect(sent).toEqual([]);
    expect(errorsOf(steward)).toEqual(["commitCandidate"]);
    await until(world, () => members.every(({ state }) => state.group?.epoch !== 1n));
    expect(shareEpoch(members.filter((member) => member !== target))).toBe(true);
  });
});

describe("changes that exceed one commit", () => {
  test("a key package that ends before its vote and commit can is refused", async () => {
    // Lifetimes are 84 days. The vote takes at most 10 minutes, inactivity and freeze 90 seconds, and the margin is
    // another 10 minutes.
    const ageing = (leftSeconds: number): Promise<Uint8Array> =>
      keyPackageOf(world, stranger(1), "ageing", 84 * DAY_SECONDS - leftSeconds);
    for (const leftSeconds of [40, 690, 1_289])
      expect(await announce(await ageing(leftSeconds))).toEqual(refusal("expires-too-soon"));
    expect(await announce(await ageing(1_290))).toMatchObject(members.map(() => ({ kind: "accepted" })));
  });

  test("one that grew old while it waited is not proposed", async () => {
    const steward = epochStewardOf(world, members[0] as Member);
    const keyPackage = await keyPackageOf(world, stranger(1), "waits", 83 * DAY_SECONDS);
    freezeNow(steward, world);
    await announce(keyPackage);
    world.nowMs += (DAY_SECONDS - 600) * 1_000;
    await advance(world, 60_000);
    expect(steward.state.phase).toBe("working");
    await announce(await keyPackageOf(world, stranger(2), "another"));
    const asked = eventsOf(steward, "voteRequested").map(({ request }) => request);
    expect(asked).toMatchObject([{ member: memberIdFromBytes(stranger(2)) }]);
  });

  test("of two key packages with the same keys under two identities one is added, and the group keeps working", async () => {
    await announce(await keyPackageOf(world, stranger(1), "twin"));
    await announce(await keyPackageOf(world, stranger(2), "twin"));
    await advance(world, 1_000_000);
    for (const member of members) {
      expect(member.state.phase).toBe("working");
      expect(member.state.changes.approved).toEqual([]);
      expect(member.state.group?.members.length).toBe(6);
      expect(errorsOf(member)).toEqual([]);
    }
    expect(shareEpoch(members)).toBe(true);
  });

  test("the twin of an open invitation is voted no", async () => {
    await announce(await keyPackageOf(world, stranger(1), "twin"));
    await settle(world);
    const [mallory] = bystanders();
    const request = await additionOf(world, stranger(2), "twin");
    await sendUnchecked(world, mallory, {
      kind: "proposal",
      proposal: forgedProposal(world, mallory, request),
    });
    await settle(world);
    for (const member of members) {
      if (member === mallory) continue;
      expect(eventsOf(member, "voteRequested").at(-1)).toMatchObject({ request, defaultVote: false });
    }
  });

  test("of seventy joiners fifty are added by the first commit", async () => {
    ({ world, members } = await fork(faked.world, "seventy"));
    for (let i = 0; i < 70; i++) await announce(await keyPackageOf(world, stranger(i), `stranger ${i}`));
    let most = 0;
    await until(world, () => {
      most = Math.max(most, ...members.map(({ state }) => state.changes.approved.length));
      return members.every(({ state }) => state.group?.epoch === 2n);
    });
    expect(most).toBe(50);
    expect(members.map(({ state }) => state.group?.members.length)).toEqual([55, 55, 55, 55, 55]);
    expect(shareEpoch(members)).toBe(true);
  }, 120_000);

  test("a leave waits until the next commit holds it", async () => {
    ({ world, members } = await fork(faked.world));
    const [leaver] = bystanders();
    await approve(world, ...(await fiftyAdditions("leave")));
    await leave(world, leaver);
    expect(leaver.state.leave.requested).toBe(true);
    expect(leaver.state.changes.approved.length).toBe(50);
    await until(world, () => leaver.state.phase === "ended");
    expect(leaver.state.endReason).toBe("left");
  }, 60_000);
});
