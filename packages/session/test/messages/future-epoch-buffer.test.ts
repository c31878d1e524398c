import {
  alter,
  approveBan,
  encodeMlsHeader,
  groupIdOf,
  enter,
  eventsOf,
  forgedProposal,
  fork,
  gather,
  isSynced,
  join,
  rolesOf,
  runWithout,
  type Member,
  packetOf,
  receive,
  sealed,
  send,
  settle,
  signedVote,
  until,
  type World,
} from "../harness/index.js";
import type { Proposal } from "@demls/wire";
import { type MemberId, type Packet } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import { LIMITS } from "../../src/step/index.js";
import { removeRequest } from "../../src/model/request.js";

const settled = await gather(["alice", "bob", "carol", "dave"]);

let world: World;
let steward: Member, writer: Member, reader: Member, target: Member;

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  [steward, writer, reader, target] = rolesOf(world);
});

/** Moves the group to the next epoch without the reader; returns the missed packets, oldest first. */
async function leaveReaderBehind(): Promise<readonly Packet[]> {
  await approveBan(world, steward, target);
  return runWithout(world, reader, () => [steward, writer].every(({ state }) => state.group?.epoch === 2n));
}

/** A packet that claims an epoch. All packets have different content. */
function claiming(epoch: bigint, noiseBytes = 16): Packet {
  return packetOf(writer, encodeMlsHeader(groupIdOf(writer), epoch, noiseBytes));
}

const kept = (): readonly Packet[] => reader.state.inbound.buffered.map(({ packet }) => packet);

function say(text: string, from = writer): Promise<unknown> {
  return send(world, from, text);
}

describe("packets of a later epoch", () => {
  test("are buffered, reported as one gap, and handled after the commit", async () => {
    const missed = await leaveReaderBehind();
    const ahead: Packet[] = [];
    world.arrives = ({ to, packet }) => {
      if (to === reader) ahead.push(packet);
      return to !== reader;
    };
    await say("one");
    await say("two");
    await settle(world);
    const later = ahead.filter((packet) => !missed.includes(packet));
    for (const packet of later) {
      expect(await receive(world, reader, packet)).toEqual({ kind: "buffered", reason: "future-epoch" });
    }
    expect(eventsOf(reader, "epochGap")).toEqual([{ kind: "epochGap", epoch: 1n, ahead: 2n }]);
    expect(eventsOf(reader, "message")).toEqual([]);

    world.arrives = () => true;
    for (const packet of missed) await receive(world, reader, packet);
    expect(reader.state.group?.epoch).toBe(2n);
    expect(eventsOf(reader, "message").map(({ text }) => text)).toEqual(["one", "two"]);
    expect(reader.state.inbound.buffered).toEqual([]);
    // Buffered packets are handled after all events of the commit.
    const kinds = reader.events.map(({ kind }) => kind);
    expect(kinds.lastIndexOf("phaseChanged")).toBeLessThan(kinds.indexOf("message"));
  });

  test("report the gap again in each epoch that lacks a commit", async () => {
    const missed = await leaveReaderBehind();
    await receive(world, reader, claiming(3n));
    await receive(world, reader, claiming(3n));
    expect(eventsOf(reader, "epochGap")).toHaveLength(1);
    world.arrives = () => true;
    for (const packet of missed) await receive(world, reader, packet);
    expect(eventsOf(reader, "epochGap")).toMatchObject([
      { epoch: 1n, ahead: 3n },
      { epoch: 2n, ahead: 3n },
    ]);
    expect(reader.state.inbound.buffered).toHaveLength(2);
  });

  test("of another group are ignored in any epoch", async () => {
    const foreign = packetOf(writer, encodeMlsHeader("abcdef", 9n));
    expect(await receive(world, reader, foreign)).toEqual({ kind: "ignored", reason: "other-group" });
    expect(reader.state.inbound.buffered).toEqual([]);
  });

  test("are buffered up to a number; the oldest of the furthest epoch is evicted", async () => {
    const packets = Array.from({ length: LIMITS.bufferedPackets + 1 }, (_, i) => claiming(i % 2 ? 3n : 2n));
    for (const packet of packets) await receive(world, reader, packet);
    expect(kept()).toEqual(packets.filter((_, i) => i !== 1));
  });

  test("are buffered up to a size; the oldest are evicted", async () => {
    const size = 1_000_000;
    const most = Math.floor(LIMITS.bufferedPacketBytes / size);
    const packets = Array.from({ length: most + 1 }, () => claiming(2n, size));
    for (const packet of packets) await receive(world, reader, packet);
    const bytes = kept().reduce((sum, { payload }) => sum + payload.length, 0);
    expect(bytes).toBeLessThanOrEqual(LIMITS.bufferedPacketBytes);
    expect(kept()).toHaveLength(most);
    expect(kept()).not.toContain(packets[0]);
  });

  test("are dropped after their maximum age", async () => {
    await receive(world, reader, claiming(2n));
    world.nowMs += LIMITS.bufferedPacketAgeMs + 1;
    const fresh = claiming(2n);
    await receive(world, reader, fresh);
    expect(kept()).toEqual([fresh]);
  });

  test("keep their age when they are tried in another epoch", async () => {
    const missed = await leaveReaderBehind();
    await receive(world, reader, claiming(3n));
    const [first] = reader.state.inbound.buffered;
    world.nowMs += LIMITS.bufferedPacketAgeMs - 1;
    world.arrives = () => true;
    for (const packet of missed) await receive(world, reader, packet);
    expect(reader.state.group?.epoch).toBe(2n);
    expect(reader.state.inbound.buffered).toEqual([first]);
  });
});

test("before the welcome are buffered and handled after it", async () => {
  const joiner = await join(world, "joiner");
  await settle(world);
  await until(world, () => steward.state.changes.approved.length === 1);
  const held: Packet[] = [];
  world.arrives = ({ to, packet }) => {
    if (to === joiner) held.push(packet);
    return to !== joiner;
  };
  await until(world, () => writer.state.group?.epoch === 2n);
  await say("welcome!");
  await settle(world);
  const welcome = held.filter(({ subtopic }) => subtopic === "welcome");
  const rest = held.filter(({ subtopic }) => subtopic !== "welcome");
  for (const packet of rest) {
    expect(await receive(world, joiner, packet)).toEqual({ kind: "buffered", reason: "before-join" });
  }
  expect(isSynced(joiner)).toBe(false);
  for (const packet of welcome) await receive(world, joiner, packet);
  expect(isSynced(joiner)).toBe(true);
  expect(eventsOf(joiner, "message")).toMatchObject([{ text: "welcome!", sender: writer.id }]);
  expect(joiner.events[0]?.kind).toBe("joined");
});

describe("votes that arrive before their proposal", () => {
  async function earlyVote(): Promise<{ proposal: Proposal; vote: Packet }> {
    const proposal = forgedProposal(world, steward, removeRequest(target.id));
    const vote = await signedVote(world, writer.signer, proposal, true);
    return { proposal, vote: await sealed(writer, { kind: "vote", vote }) };
  }

  test("are counted when it arrives", async () => {
    const { proposal, vote } = await earlyVote();
    expect(await receive(world, reader, vote)).toEqual({ kind: "buffered", reason: "before-proposal" });
    await receive(world, reader, await sealed(steward, { kind: "proposal", proposal }));
    expect(eventsOf(reader, "voteCast")).toMatchObject([{ voter: writer.id, vote: true }]);
    expect(reader.state.votes.bufferedVotes).toEqual([]);
  });

  test("are dropped if their member has left by then", async () => {
    const { proposal, vote } = await earlyVote();
    await receive(world, reader, vote);
    const stranger = await enter(world, "stranger");
    const { group } = reader.state;
    if (group === undefined) throw new Error("The reader has no group.");
    const members = group.members.map((member) => (member === writer.id ? stranger.id : member));
    reader.state = { ...reader.state, group: { ...group, members } };
    await receive(world, reader, await sealed(steward, { kind: "proposal", proposal }));
    expect(eventsOf(reader, "voteCast")).toEqual([]);
  });

  test("are buffered up to a number; the oldest are evicted", async () => {
    const { vote } = await earlyVote();
    await receive(world, reader, vote);
    const [first] = reader.state.votes.bufferedVotes;
    if (first === undefined) throw new Error("Nothing is kept.");
    const senders = Array.from({ length: LIMITS.bufferedVotes }, (_, i) => `${i}` as MemberId);
    alter(reader, "votes", { bufferedVotes: senders.map((sender) => ({ ...first, sender })) });
    const next = await earlyVote();
    await receive(world, reader, next.vote);
    expect(reader.state.votes.bufferedVotes).toHaveLength(LIMITS.bufferedVotes);
    expect(reader.state.votes.bufferedVotes.at(-1)?.vote.proposalId).toBe(next.proposal.proposalId);
  });
});
