import type { Packet } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import { LIMITS } from "../../src/step/index.js";
import { removeRequest } from "../../src/model/request.js";
import {
  encodeMlsHeader,
  groupIdOf,
  eventsOf,
  forgedProposal,
  fork,
  gather,
  join,
  packetOf,
  receive,
  sealed,
  signedVote,
  STRANGER,
  type Member,
  type World,
} from "../harness/index.js";

const settled = await gather(["alice", "bob", "carol"]);

let world: World;
let reader: Member;
let writer: Member;
let epoch: bigint;

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  [reader, writer] = world.members as [Member, Member];
  epoch = reader.state.group?.epoch ?? 0n;
});

/** A packet that anyone can forge: it cannot be authenticated before its epoch. */
function claiming(claimed: bigint, noiseBytes = 16): Packet {
  return packetOf(STRANGER as Member, encodeMlsHeader(groupIdOf(reader), claimed, noiseBytes));
}

const keptBy = ({ state }: Member): readonly Packet[] => state.inbound.buffered.map(({ packet }) => packet);

describe("A header that claims a later epoch", () => {
  test("too far ahead for a few lost commits has its packet ignored", async () => {
    expect(await receive(world, reader, claiming(epoch + 2n))).toMatchObject({ kind: "buffered" });
    for (const claimed of [epoch + 3n, 2n ** 64n - 1n]) {
      expect(await receive(world, reader, claiming(claimed))).toEqual({
        kind: "ignored",
        reason: "epoch-out-of-reach",
      });
    }
    expect(keptBy(reader)).toHaveLength(1);
  });

  test("is reported as at most a plausible gap, and the true one is still reported afterwards", async () => {
    await receive(world, reader, claiming(2n ** 64n - 1n));
    await receive(world, reader, claiming(epoch + 9n));
    await receive(world, reader, claiming(epoch + 9n));
    await receive(world, reader, claiming(epoch + 1n));
    await receive(world, reader, claiming(epoch + 2n));
    expect(eventsOf(reader, "epochGap")).toEqual([
      { kind: "epochGap", epoch, ahead: epoch + BigInt(LIMITS.epochGap) },
      { kind: "epochGap", epoch, ahead: epoch + 9n },
      { kind: "epochGap", epoch, ahead: epoch + 1n },
    ]);
  });

  test("is reported a bounded number of times", async () => {
    for (let ahead = 200n; ahead > 0n; ahead--) await receive(world, reader, claiming(epoch + ahead));
    expect(eventsOf(reader, "epochGap")).toHaveLength(LIMITS.epochGap);
  });
});

describe("A flood of packets that cannot be authenticated yet", () => {
  test("for the epoch after next evicts none of the next epoch", async () => {
    const honest = claiming(epoch + 1n, 32);
    await receive(world, reader, honest);
    for (let i = 0; i < LIMITS.bufferedPackets + 10; i++) await receive(world, reader, claiming(epoch + 2n));
    expect(keptBy(reader)).toContain(honest);
    expect(keptBy(reader).length).toBeLessThanOrEqual(LIMITS.bufferedPackets);
  });

  test("of large packets for the epoch after next evicts none of the next epoch", async () => {
    const honest = claiming(epoch + 1n, 32);
    await receive(world, reader, honest);
    for (let i = 0; i < 12; i++) await receive(world, reader, claiming(epoch + 2n, 1_000_000));
    expect(keptBy(reader)).toContain(honest);
  });

  test("for one epoch is bounded by that epoch's share", async () => {
    for (let i = 0; i < LIMITS.bufferedPackets; i++) await receive(world, reader, claiming(epoch + 1n));
    expect(keptBy(reader)).toHaveLength(LIMITS.bufferedPacketsPerEpoch);
  });

  test("before the welcome evicts the packets of the furthest epochs first", async () => {
    const joiner = await join(world, "joiner");
    const honest = claiming(epoch + 1n, 32);
    expect(await receive(world, joiner, honest)).toEqual({ kind: "buffered", reason: "before-join" });
    for (let i = 0; i < LIMITS.bufferedPackets + 10; i++)
      await receive(world, joiner, claiming(2n ** 64n - 1n - BigInt(i)));
    expect(keptBy(joiner)).toContain(honest);
    expect(keptBy(joiner)).toHaveLength(LIMITS.bufferedPackets);
  });

  test("of noise before the welcome is not buffered", async () => {
    const joiner = await join(world, "joiner", groupIdOf(reader));
    const noise = packetOf(STRANGER as Member, new Uint8Array(100).fill(7));
    expect(await receive(world, joiner, noise)).toMatchObject({
      kind: "rejected",
      reason: "malformed-packet",
    });
    const foreign = packetOf(STRANGER as Member, encodeMlsHeader("abcdef", 1n));
    expect(await receive(world, joiner, foreign)).toEqual({ kind: "ignored", reason: "other-group" });
    expect(keptBy(joiner)).toEqual([]);
  });
});

test("A member's votes on unknown proposals evict its own votes, not others'", async () => {
  const flooder = world.members[2] as Member;
  const early = async (from: Member): Promise<Packet> => {
    const proposal = forgedProposal(world, writer, removeRequest(writer.id));
    return sealed(from, { kind: "vote", vote: await signedVote(world, from.signer, proposal, true) });
  };
  await receive(world, reader, await early(writer));
  for (let i = 0; i < LIMITS.bufferedVotesPerSender + 5; i++)
    await receive(world, reader, await early(flooder));
  const senders = reader.state.votes.bufferedVotes.map(({ sender }) => sender);
  expect(senders.filter((sender) => sender === writer.id)).toHaveLength(1);
  expect(senders.filter((sender) => sender === flooder.id)).toHaveLength(LIMITS.bufferedVotesPerSender);
});
