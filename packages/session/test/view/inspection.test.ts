import { utf8ToBytes, type MemberId } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import { inspect, type ConversationInspection } from "../../src/view/inspection.js";
import { removeRequest } from "../../src/model/request.js";
import {
  advance,
  alter,
  approve,
  ban,
  castOf,
  create,
  createWorld,
  environmentOf,
  epochStewardOf,
  fork,
  gather,
  join,
  keyPackageOf,
  keyPackagePacket,
  type Member,
  propose,
  receive,
  sealed,
  send,
  settle,
  stewardsOf,
  stranger,
  until,
  type World,
} from "../harness/index.js";

const settled = await gather(["alice", "bob", "carol"]);

let world: World;
let alice: Member;
let bob: Member;
let carol: Member;

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  [alice, bob, carol] = world.members as [Member, Member, Member];
});

function inspected(member: Member, within: World = world): ConversationInspection {
  return inspect(member.state, environmentOf(within, member));
}

/** A member that is not a steward, and the other two. */
function cast(): { readonly target: Member; readonly others: readonly [Member, Member] } {
  const [target] = castOf(world).others;
  return { target, others: world.members.filter((member) => member !== target) as [Member, Member] };
}

describe("The inspection of a conversation", () => {
  test("is valid JSON at every point of a life, with the next deadline", async () => {
    const fresh = createWorld({ config: { quietAfterCommitMs: 250 } });
    const members = [await create(fresh, "alice"), await join(fresh, "bob"), await join(fresh, "carol")];
    const [first, , last] = members as [Member, Member, Member];
    const phases = new Set<string>();
    const due = new Set<string>();
    const look = (): void => {
      for (const member of members) {
        const inspection = inspected(member, fresh);
        expect(JSON.parse(JSON.stringify(inspection))).toEqual(inspection);
        const [next] = inspection.deadlines;
        expect(next && fresh.nowMs + next.inMs).toBe(member.wakeAtMs);
        phases.add(inspection.phase);
        for (const { kind } of inspection.deadlines) due.add(kind);
      }
    };
    await until(fresh, () => {
      look();
      return members.every(
        ({ state }) => state.group?.members.length === 3 && state.changes.approved.length === 0,
      );
    });
    await advance(fresh, 60_000);
    await ban(fresh, first, last);
    await until(fresh, () => {
      look();
      return first.state.group?.members.length === 2;
    });
    look();
    expect(phases).toEqual(new Set(["pending-join", "working", "ended"]));
    const seen = ["joinExpiry", "defaultVote", "voteDeadline", "freeze", "epochVotes", "publish"];
    expect([...due]).toEqual(expect.arrayContaining(seen));
  });

  test("shows epoch, keys, members and stewards as they are, big integers as decimals", () => {
    const inspection = inspected(alice);
    expect(inspection).toMatchObject({
      name: "garden",
      self: alice.id,
      mode: "de-mls-3",
      phase: "working",
      endReason: null,
      epoch: "1",
      synced: true,
      recovery: false,
      retryRound: 0,
      stewards: { members: stewardsOf(alice), electionEpoch: "1", exhausted: false },
      openVotes: [],
      deadlines: [],
      uncommittableChanges: [],
    });
    expect(inspection.authenticator).toMatch(/^[0-9a-f]{8}$/);
    expect(new Set([alice, bob, carol].map((member) => inspected(member).authenticator)).size).toBe(1);
    expect(inspection.members.map(({ id }) => id)).toEqual([alice.id, bob.id, carol.id]);
    for (const { score } of inspection.members) expect(score).toMatch(/^\d+$/);
    const roles = new Map(inspection.members.map(({ id, role }) => [id, role]));
    expect(roles.get(epochStewardOf(world, alice).id)).toBe("epoch-steward");
  });

  test("shows an open vote with its request, tally and remaining time", async () => {
    const { target, others } = cast();
    const [asker, asked] = others;
    const proposalId = await propose(world, asker, removeRequest(target.id), "deferred");
    await settle(world);
    await advance(world, 1_000);
    const { openVotes, deadlines } = inspected(asked);
    expect(openVotes).toEqual([
      {
        proposalId,
        kind: "remove",
        target: target.id,
        proposer: asker.id,
        yes: 0,
        no: 0,
        expected: 3,
        voted: false,
        defaultVote: true,
      },
    ]);
    expect(deadlines).toEqual([
      { kind: "defaultVote", inMs: 9_000, proposalId },
      { kind: "voteDeadline", inMs: 44_000, proposalId },
    ]);
  });

  test("shows approved work, the freeze and its candidates", async () => {
    const { target, others } = cast();
    await approve(world, removeRequest(target.id));
    // Only the stewards' own candidates: nothing arrives.
    world.arrives = () => false;
    const [steward] = others;
    await until(world, () => steward.state.phase === "freezing");
    expect(inspected(steward)).toMatchObject({
      phase: "freezing",
      approved: [{ proposalId: 1, kind: "remove", target: target.id }],
      freeze: { received: 1, expected: 2 },
      candidates: [{ steward: steward.id, own: true, proposals: 1, violation: null }],
      deadlines: [{ kind: "selection", inMs: 30_000 }],
    });
    expect(inspected(steward).candidates[0]?.commitHash).toMatch(/^[0-9a-f]{8}$/);
  });

  test("counts the entries of the buffers, and their bytes", async () => {
    const { target, others } = cast();
    const [steward, other] = others;
    const keyPackage = await keyPackageOf(world, stranger(1), "guest");
    const onlooker = epochStewardOf(world, alice) === steward ? other : steward;
    await receive(world, onlooker, keyPackagePacket({ appId: new Uint8Array(16).fill(9) }, keyPackage));
    onlooker.signsAtOnce = false;
    onlooker.online = false;
    await ban(world, onlooker, target);
    await send(world, onlooker, "hi");
    const early = await sealed(target, utf8ToBytes("later"));
    alter(onlooker, "inbound", { buffered: [{ packet: early, epoch: 2n, receivedMs: world.nowMs }] });
    alter(onlooker, "chat", {
      queued: [
        {
          ...{ ticket: 2, content: new Uint8Array(7), id: new Uint8Array(16) },
          ...{ sentAtMs: 1, sinceWallMs: undefined },
        },
      ],
    });
    const { buffers, pendingUpdates } = inspected(onlooker);
    const [entry] = onlooker.state.outbox.entries;
    expect(buffers).toMatchObject({
      outbox: { count: 1, bytes: entry?.packet.payload.length },
      bufferedPackets: { count: 1, bytes: early.payload.length },
      bufferedVotes: { count: 0, bytes: 0 },
      queuedMessages: { count: 1, bytes: 7 },
      pendingUpdates: { count: 1, bytes: keyPackage.length },
      signatures: { count: 1 },
    });
    expect(pendingUpdates).toMatchObject([{ kind: "add" }]);
    expect(JSON.stringify(inspected(onlooker)).length).toBeLessThan(3_000);
  });

  test("names the changes that no commit can carry out", async () => {
    const nobody = "ab".repeat(20) as MemberId;
    await approve(world, removeRequest(nobody));
    expect(inspected(bob).uncommittableChanges).toEqual([{ kind: "notAMember", target: nobody }]);
  });
});
