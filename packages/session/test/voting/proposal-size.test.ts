import { type Proposal } from "@demls/wire";
import { MAX_KEY_PACKAGE_BYTES } from "@demls/mls";
import { MAX_STEWARDS } from "@demls/steward";
import { memberIdFromBytes } from "@demls/wire/core";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { CompatibilityMode } from "../../src/index.js";
import type { InboundOutcome } from "../../src/trace/index.js";
import { encodeRecord } from "../../src/storage/plain-data.js";
import { removeRequest, type ChangeRequest } from "../../src/model/request.js";
import {
  advance,
  alter,
  ban,
  candidatePacket,
  castOf,
  command,
  deliver,
  eventsOf,
  forgedCommit,
  forgedProposal,
  gatherInEachMode,
  isSynced,
  join,
  keyPackageOf,
  type Member,
  MODES,
  propose,
  receive,
  receiveVote,
  required,
  resultAt,
  sealed,
  settle,
  shareEpoch,
  signedVote,
  stranger,
  trackedVotes,
  until,
  type World,
} from "../harness/index.js";

const settled = await gatherInEachMode(["alice", "bob", "carol", "dave", "mallory"], {
  fakes: true,
  stewards: { snMin: 1, snMax: 1 },
});

let world: World;
let steward: Member;
let asker: Member;
let target: Member;
let mallory: Member;

async function enter(mode: CompatibilityMode): Promise<void> {
  ({ world } = await settled(mode));
  const { stewards, others } = castOf(world);
  [steward] = stewards;
  [asker, target, mallory] = others;
}

async function tell(to: Member, proposal: Proposal): Promise<InboundOutcome> {
  return receive(world, to, await sealed(mallory, { kind: "proposal", proposal }));
}

function junkInvitation(bytes: number, number = 1): Proposal {
  const keyPackageBytes = new Uint8Array(bytes).fill(number);
  return forgedProposal(world, mallory, {
    kind: "add",
    keyPackage: keyPackageBytes,
    member: memberIdFromBytes(stranger(number)),
  });
}

function accusation(evidenceBytes: number): ChangeRequest {
  const evidence = {
    violation: "brokenCommit" as const,
    target: target.id,
    payload: new Uint8Array(evidenceBytes),
    epoch: 1n,
    creator: mallory.id,
  };
  return { kind: "emergency", evidence };
}

function election(stewards: number): ChangeRequest {
  const list = Array.from({ length: stewards }, (_, index) => memberIdFromBytes(stranger(index)));
  return { kind: "electStewards", stewards: list, electionEpoch: 1n, retryRound: 0 };
}

/** As if a leaf of the group were not marked as this project's. */
function consideredMixed(member: Member): void {
  const { group } = member.state;
  if (group !== undefined) member.state = { ...member.state, group: { ...group, supportedExtensions: [] } };
}

describe.each(MODES)("a proposal (%s)", (mode) => {
  beforeEach(() => enter(mode));

  test.each([
    ["an invitation with the longest key package", () => invitation(MAX_KEY_PACKAGE_BYTES)],
    ["an accusation with 60 KiB of evidence", () => accusation(60 * 1_024)],
    ["an election of as many stewards as there may be", () => election(MAX_STEWARDS)],
  ])("is accepted as %s", async (_, request) => {
    const proposal = forgedProposal(world, mallory, request());
    const votes = [await signedVote(world, mallory.signer, proposal, true)];
    expect(await tell(asker, { ...proposal, votes })).toMatchObject({ kind: "accepted", what: "proposal" });
  });

  test.each([
    ["a longer invitation", () => invitation(24 * 1_024)],
    [
      "a removal of a longer identity",
      () => ({ kind: "remove", member: memberIdFromBytes(new Uint8Array(24 * 1_024)) }) as const,
    ],
    ["an accusation with 70 KiB of evidence", () => accusation(70 * 1_024)],
    ["an election of more stewards", () => election(MAX_STEWARDS + 3_000)],
  ])("is rejected as %s, and leaves no trace", async (_, request) => {
    const { observed, sessions, open } = asker.state.votes;
    const outcome = await tell(asker, forgedProposal(world, mallory, request()));
    expect(outcome).toEqual({ kind: "rejected", reason: "proposal-too-large", sender: mallory.id });
    expect(asker.state).toMatchObject({ votes: { observed, sessions, open } });
  });

  test("is rejected if its name makes it too long", async () => {
    const name = "x".repeat(600_000);
    const proposal = forgedProposal(world, mallory, removeRequest(target.id), { name });
    expect(await tell(asker, proposal)).toMatchObject({ reason: "proposal-too-large" });
  });

  test("gets no oversized vote, which would exclude it from the ConversationSync", async () => {
    const proposal = forgedProposal(world, mallory, removeRequest(target.id));
    await tell(asker, proposal);
    const receivedHash = new Uint8Array(600_000);
    const vote = { ...(await signedVote(world, mallory.signer, proposal, true)), receivedHash };
    const outcome = await receive(world, asker, await sealed(mallory, { kind: "vote", vote }));
    expect(outcome).toEqual({ kind: "rejected", reason: "vote-too-large", sender: mallory.id });
  });

  test("that others would reject is rejected for its proposer", async () => {
    const request = election(MAX_STEWARDS + 3_000);
    await expect(propose(world, asker, request)).rejects.toMatchObject({ code: "request-too-large" });
  });

  function invitation(bytes: number): ChangeRequest {
    return { kind: "add", keyPackage: new Uint8Array(bytes), member: memberIdFromBytes(stranger(1)) };
  }
});

test("Invalid adds of 900 KB, in any number, add little to the stored state of each vote", async () => {
  await enter("de-mls-3");
  for (let number = 0; number < 40; number++) await tell(asker, junkInvitation(900_000, number));
  const { observed, sessions, open } = asker.state.votes;
  expect(encodeRecord({ observed, sessions, open }).length).toBeLessThan(10_000);
});

describe("an oversized add beside 3.0.0 members, which accept it", () => {
  beforeEach(async () => {
    await enter("de-mls-3");
    for (const member of world.members) consideredMixed(member);
  });

  test("has the default vote no, and is kept in shortened form", async () => {
    for (let number = 0; number < 40; number++) {
      const proposal = junkInvitation(900_000, number);
      expect(await tell(asker, proposal)).toMatchObject({ kind: "accepted" });
    }
    expect(eventsOf(asker, "voteRequested").map(({ defaultVote }) => defaultVote)).not.toContain(true);
    const { observed, sessions, open } = asker.state.votes;
    expect(asker.state.changes.pending.size).toBe(0);
    expect(encodeRecord({ observed, sessions, open }).length).toBeLessThan(64 * 20_000);
  });

  test("is approved if 3.0.0 members approve it, and its commit is followed", async () => {
    const keyPackage = await keyPackageOf(world, stranger(1), "newcomer");
    const long = new Uint8Array(600_000);
    long.set(keyPackage);
    const proposal = forgedProposal(world, mallory, {
      kind: "add",
      keyPackage: long,
      member: memberIdFromBytes(stranger(1)),
    });
    await tell(asker, proposal);
    for (const voter of world.members.filter((member) => member !== asker))
      await receiveVote(world, asker, voter, proposal, true);
    expect(resultAt(asker, proposal.proposalId)).toBe("yes");
    const commit = await forgedCommit(steward, [{ kind: "add", keyPackage }]);
    await receive(world, asker, candidatePacket(steward, commit));
    await advance(world, 60_000);
    expect(asker.state.group?.members).toHaveLength(6);
  });
});

describe("open proposals beyond the size of a ConversationSync", () => {
  async function joinAmidJunk(junk: (number: number) => ChangeRequest): Promise<Member> {
    const members = [...world.members];
    const late = await join(world, "late");
    await until(world, () => members.every(({ state }) => state.changes.approved.length === 1));
    await advance(world, 58_000);
    await ban(world, asker, target);
    await settle(world);
    for (let number = 0; number < 7; number++) {
      const proposal = forgedProposal(world, mallory, junk(number));
      for (const member of members.filter((other) => other !== mallory)) await tell(member, proposal);
    }
    await until(world, () => isSynced(late));
    return late;
  }

  test("omit a hostile member's long ones, and keep the others (strict)", async () => {
    await enter("strict");
    const late = await joinAmidJunk((number) => ({
      kind: "add",
      keyPackage: new Uint8Array(600_000).fill(number),
      member: memberIdFromBytes(stranger(number)),
    }));
    await advance(world, 400_000);
    const staying = world.members.filter((member) => member !== target && member !== mallory);
    expect(staying).toContain(late);
    expect(shareEpoch(staying)).toBe(true);
  });

  test("omit the longest, and the ConversationSync is sent (strict)", async () => {
    await enter("strict");
    const late = await joinAmidJunk(() => removeRequest(mallory.id));
    const committer = required(world.members.find(({ id }) => id === late.state.sync.admittedBy));
    const { consensus } = committer.plugins;
    const [short] = trackedVotes(committer).filter(({ result }) => result === undefined);
    if (short === undefined) throw new Error("Nothing is being voted on.");
    const shortTally = consensus.tally(committer.state.votes.sessions, short.proposalId);
    const long = Array.from({ length: 20 }, () => forgedProposal(world, mallory, accusation(60 * 1_024)));
    const tracked = long.map(({ proposalId }) => [proposalId, { ...short, proposalId }] as const);
    alter(committer, "votes", { open: new Map([[short.proposalId, short], ...tracked]) });
    const tally = vi.spyOn(consensus, "tally").mockImplementation((_state, id) => {
      const proposal = long.find(({ proposalId }) => proposalId === id);
      return shortTally && proposal ? { ...shortTally, proposal, proposalId: id } : shortTally;
    });
    alter(late, "sync", { synced: false });
    alter(late, "votes", { sessions: late.plugins.consensus.empty(), open: new Map() });
    await command(world, committer, { kind: "sendSync" });
    tally.mockRestore();
    await deliver(world, ({ from, to }) => from === committer && to === late);
    const known = late.plugins.consensus
      .proposals(late.state.votes.sessions)
      .map(({ proposalId }) => proposalId);
    expect(known).toContain(short.proposalId);
    expect(known.length).toBeGreaterThan(1);
  });
});
