import { bytesToHex, REPAIR_SUBTOPIC, type Packet } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import { LIMITS } from "../../src/step/index.js";
import { removeRequest } from "../../src/model/request.js";
import {
  approveBan,
  broadcast,
  candidatePacket,
  deliver,
  encodeMlsHeader,
  groupIdOf,
  epochStewardOf,
  eventsOf,
  forgedCommit,
  forgedProposal,
  gatherInEachMode,
  MODES,
  packetOf,
  receive,
  required,
  runWithout,
  sealed,
  shareEpoch,
  signedVote,
  stewardsOf,
  until,
  type Member,
  type World,
} from "../harness/index.js";

const settled = await gatherInEachMode(["alice", "bob", "carol", "dave"], {
  stewards: { snMin: 1, snMax: 1 },
});

/**
 * In 3.0.0 an election that arrived before its commit was lost, and the peer lost the group when its old list was
 * exhausted; a candidate that arrived before its approval was lost too.
 */
describe.each(MODES)("W13: packets that arrive early (%s)", (mode) => {
  let world: World;
  let steward: Member, reader: Member, target: Member;

  beforeEach(async () => {
    ({ world } = await settled(mode));
    world.repairs = false;
    steward = epochStewardOf(world, required(world.members[0]));
    [reader, target] = world.members.filter((member) => member !== steward) as [Member, Member];
  });

  /** The others commit and hold an election while the reader receives nothing; returns the missed packets. */
  async function leaveReaderBehind(): Promise<readonly Packet[]> {
    await approveBan(world, steward, target);
    const missed = await runWithout(world, reader, () => eventsOf(steward, "stewardsChanged").length > 0);
    world.arrives = () => true;
    return missed;
  }

  test("an election before its commit is buffered, and its list is installed after the commit", async () => {
    const missed = await leaveReaderBehind();
    const [commit] = missed;
    const election = missed.slice(1).filter(({ subtopic }) => subtopic !== REPAIR_SUBTOPIC);
    for (const packet of election) {
      expect(await receive(world, reader, packet)).toEqual({ kind: "buffered", reason: "future-epoch" });
    }
    const electedIn = ({ plugins, state }: Member): bigint | undefined =>
      plugins.stewards.currentList(state.stewards.list)?.electionEpoch;
    expect([electedIn(reader), electedIn(steward)]).toEqual([1n, 2n]);
    if (commit !== undefined) await receive(world, reader, commit);
    // In strict mode the reader merges the commit that the others have chosen.
    for (const choice of missed)
      if (choice.subtopic === REPAIR_SUBTOPIC) await receive(world, reader, choice);
    expect(reader.state.group?.epoch).toBe(2n);
    await until(world, () => eventsOf(reader, "stewardsChanged").length > 0);
    expect(electedIn(reader)).toBe(2n);
    expect(stewardsOf(reader)).toEqual(stewardsOf(steward));
    expect(shareEpoch([reader, steward])).toBe(true);
  });

  test("a candidate before its approval is stored, and starts the freeze once it is approved", async () => {
    const commit = await forgedCommit(steward, [{ kind: "remove", member: target.id }]);
    expect(await receive(world, reader, candidatePacket(steward, commit))).toMatchObject({
      kind: "accepted",
    });
    expect(reader.state.phase).toBe("working");
    steward.online = false;
    const proposal = forgedProposal(world, target, removeRequest(target.id), { expectedVotersCount: 1 });
    const votes = [await signedVote(world, target.signer, proposal, true)];
    broadcast(world, target, await sealed(target, { kind: "proposal", proposal: { ...proposal, votes } }));
    await deliver(world, ({ to }) => to === reader);
    if (mode === "strict") {
      expect(reader.state.phase).toBe("selection");
      const chosen = new Set(
        reader.state.repair.log.map(({ slot }) => slot.kind === "choice" && slot.commit),
      );
      expect(chosen).toContain(bytesToHex(commit.hash));
    } else {
      expect(eventsOf(reader, "commitApplied")).toMatchObject([{ committer: steward.id }]);
      expect(reader.state.group?.members).not.toContain(target.id);
    }
  });

  test("packets of a future epoch are buffered within bounds of number and age", async () => {
    const claim = (): Packet => packetOf(steward, encodeMlsHeader(groupIdOf(steward), 2n));
    for (let i = 0; i <= LIMITS.bufferedPacketsPerEpoch; i++) await receive(world, reader, claim());
    expect(reader.state.inbound.buffered).toHaveLength(LIMITS.bufferedPacketsPerEpoch);
    world.nowMs += LIMITS.bufferedPacketAgeMs + 1;
    await receive(world, reader, claim());
    expect(reader.state.inbound.buffered).toHaveLength(1);
  });
});
