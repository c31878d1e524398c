import { DEFAULT_MAX_PACKET_BYTES, ViolationType } from "@demls/wire";
import { memberIdToBytes } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import { removeRequest } from "../src/update-request.js";
import { approve, keyPackageOf, stranger } from "./decree.js";
import { forgedProposal, keyPackagePacket } from "./forgery.js";
import {
  agree,
  command,
  deliver,
  epochStewardOf,
  eventsOfKind,
  fork,
  garden,
  propose,
  receive,
  run,
  runUntil,
  say,
  stewardsOf,
  take,
  type Letter,
  type Member,
  type World,
} from "./world.js";

const settled = await garden(["alice", "bob", "carol", "dave", "erin"]);
const DAY_SECONDS = 86_400;

let world: World;
let members: Member[];

beforeEach(async () => {
  ({ world, members } = await fork(settled.world));
});

/** JSON may have any space at its end: whoever made the key package need not help. */
function padded(keyPackage: Uint8Array, length: number): Uint8Array {
  const longer = new Uint8Array(length).fill(0x20);
  longer.set(keyPackage);
  return longer;
}

/** Somebody outside sends a key package to everyone. */
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
  return eventsOfKind(member, "error").map(({ operation }) => operation);
}

/** Somebody outside the stewards, so that its removal calls for no election. */
function bystanders(): [Member, Member, Member] {
  const list = stewardsOf(members[0] as Member);
  return members.filter(({ id }) => !list.includes(id)) as [Member, Member, Member];
}

describe("what one packet does not hold", () => {
  test("a key package of nearly a packet's length is refused, and the group stays whole", async () => {
    const large = padded(await keyPackageOf(world, stranger(1), "large"), DEFAULT_MAX_PACKET_BYTES - 200);
    expect(await announce(large)).toEqual(refusal("too-large"));
    await run(world, 300_000);
    for (const member of members) expect(eventsOfKind(member, "voteRequested")).toEqual([]);
    expect(agree(members)).toBe(true);
  });

  test("fifty key packages of the greatest length are added by one commit", async () => {
    const requests = [];
    for (let i = 0; i < 50; i++) {
      const keyPackageBytes = padded(await keyPackageOf(world, stranger(i), `many ${i}`), 16_384);
      requests.push({ kind: "invite_member", keyPackageBytes, identity: stranger(i) } as const);
    }
    await approve(world, ...requests);
    const [first] = members as [Member];
    await runUntil(world, () => members.every(({ state }) => state.group?.members.length === 55));
    expect(agree(members)).toBe(true);
    expect(errorsOf(first)).toEqual([]);
  }, 60_000);

  test("a request that is longer is refused to its asker, and nothing of it stays", async () => {
    const [asker] = members as [Member];
    const before = asker.state;
    const evidence = {
      violationType: ViolationType.BrokenCommit,
      targetMemberId: memberIdToBytes(members[1]?.id ?? asker.id),
      evidencePayload: new Uint8Array(DEFAULT_MAX_PACKET_BYTES),
      epoch: 1n,
      creatorMemberId: memberIdToBytes(asker.id),
    };
    await expect(propose(world, asker, { kind: "emergency_criteria", evidence })).rejects.toMatchObject({
      code: "request-too-large",
      field: "request",
    });
    expect(asker.state).toBe(before);
  });

  test("a candidate that is longer is neither sent nor held, but reported", async () => {
    const steward = epochStewardOf(world, members[0] as Member);
    const [target] = bystanders();
    const mls = {
      ...steward.mls,
      createCandidate: async (...args: Parameters<typeof steward.mls.createCandidate>) => {
        const made = await steward.mls.createCandidate(...args);
        const commit = new Uint8Array(DEFAULT_MAX_PACKET_BYTES);
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
    expect(steward.state.candidates.has(steward.id)).toBe(false);
    // The epoch that it would have opened has secrets, and nobody will ever enter it.
    expect(effects.filter(({ kind }) => kind === "discard-group")).toHaveLength(1);
    expect(sent).toEqual([]);
    expect(errorsOf(steward)).toEqual(["commit candidate"]);
    await runUntil(world, () => members.every(({ state }) => state.group?.epoch !== 1n));
    expect(agree(members.filter((member) => member !== target))).toBe(true);
  });
});

describe("what one commit does not hold", () => {
  test("a key package that ends before its vote and commit can is refused", async () => {
    // Lifetimes are 84 days; the vote takes at most 10 minutes, inactivity and freeze another 90 seconds,
    // and as much as a vote again is to spare.
    const ageing = (leftSeconds: number): Promise<Uint8Array> =>
      keyPackageOf(world, stranger(1), "ageing", 84 * DAY_SECONDS - leftSeconds);
    for (const leftSeconds of [40, 690, 1_289])
      expect(await announce(await ageing(leftSeconds))).toEqual(refusal("expires-too-soon"));
    expect(await announce(await ageing(1_290))).toMatchObject(members.map(() => ({ kind: "taken" })));
  });

  test("one that grew old while it waited is not proposed", async () => {
    const steward = epochStewardOf(world, members[0] as Member);
    const keyPackage = await keyPackageOf(world, stranger(1), "waits", 83 * DAY_SECONDS);
    const emergencies = new Set([1]);
    const before = steward.state;
    steward.state = {
      ...before,
      phase: "freezing",
      phaseAnchorMs: world.nowMs,
      activeEmergencies: emergencies,
    };
    await announce(keyPackage);
    world.nowMs += (DAY_SECONDS - 600) * 1_000;
    await run(world, 60_000);
    expect(steward.state.phase).toBe("working");
    await announce(await keyPackageOf(world, stranger(2), "another"));
    const asked = eventsOfKind(steward, "voteRequested").map(({ request }) => request);
    expect(asked).toMatchObject([{ identity: stranger(2) }]);
  });

  test("of two key packages with the same keys under two identities one is let in, and the group works on", async () => {
    await announce(await keyPackageOf(world, stranger(1), "twin"));
    await announce(await keyPackageOf(world, stranger(2), "twin"));
    await run(world, 1_000_000);
    for (const member of members) {
      expect(member.state.phase).toBe("working");
      expect(member.state.approved).toEqual([]);
      expect(member.state.group?.members.length).toBe(6);
      expect(errorsOf(member)).toEqual([]);
    }
    expect(agree(members)).toBe(true);
  });

  test("the twin of an open invitation is voted no", async () => {
    await announce(await keyPackageOf(world, stranger(1), "twin"));
    await deliver(world);
    const [mallory] = bystanders();
    const keyPackageBytes = await keyPackageOf(world, stranger(2), "twin");
    const request = { kind: "invite_member", keyPackageBytes, identity: stranger(2) } as const;
    await say(world, mallory, { kind: "proposal", proposal: forgedProposal(world, mallory, request) });
    await deliver(world);
    for (const member of members) {
      if (member === mallory) continue;
      expect(eventsOfKind(member, "voteRequested").at(-1)).toMatchObject({ request, defaultVote: false });
    }
  });

  test("of seventy strangers fifty are let in by the first commit", async () => {
    const { world: large, members: people } = await fork(settled.world, "seventy");
    world = large;
    members = people;
    for (let i = 0; i < 70; i++) await announce(await keyPackageOf(world, stranger(i), `stranger ${i}`));
    let most = 0;
    await runUntil(world, () => {
      most = Math.max(most, ...members.map(({ state }) => state.approved.length));
      return members.every(({ state }) => state.group?.epoch === 2n);
    });
    expect(most).toBe(50);
    expect(members.map(({ state }) => state.group?.members.length)).toEqual([55, 55, 55, 55, 55]);
    expect(agree(members)).toBe(true);
  }, 120_000);

  test("a leave waits until the next commit holds it", async () => {
    const [leaver] = bystanders();
    const requests = [];
    for (let i = 0; i < 50; i++) {
      const keyPackageBytes = await keyPackageOf(world, stranger(i), `leave ${i}`);
      requests.push({ kind: "invite_member", keyPackageBytes, identity: stranger(i) } as const);
    }
    await approve(world, ...requests);
    await command(world, leaver, { kind: "leave" });
    expect(leaver.state.leaveRequested).toBe(true);
    expect(leaver.state.approved.length).toBe(50);
    await runUntil(world, () => leaver.state.phase === "ended");
    expect(leaver.state.endReason).toBe("left");
  }, 60_000);
});
