import type { CompatibilityMode } from "../../src/index.js";
import { LIMITS } from "../../src/step/index.js";
import type { OpenProposals, Proposal, Vote } from "@demls/wire";
import { createFakeMlsService, createSeededRandom } from "@demls/testkit";
import { bytesToHex, memberIdToBytes, utf8ToBytes } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import { removeRequest } from "../../src/model/request.js";
import {
  advance,
  alter,
  approveBan,
  ban,
  castOf,
  command,
  deliver,
  encodeMlsHeader,
  groupIdOf,
  eventsOf,
  forgedProposal,
  fork,
  gatherInEachMode,
  isSynced,
  join,
  type Member,
  MODES,
  packetOf,
  receive,
  required,
  sealed,
  settle,
  shareEpoch,
  signedVote,
  stewardsOf,
  until,
  wallMs,
  type World,
} from "../harness/index.js";

const settled = await gatherInEachMode(["alice", "bob", "carol", "dave"], {
  fakes: true,
  stewards: { snMin: 1, snMax: 1 },
});

let world: World;
let members: readonly Member[];

async function enter(mode: CompatibilityMode): Promise<void> {
  ({ world } = await settled(mode));
  members = [...world.members];
}

function electedIn({ plugins, state }: Member): bigint | undefined {
  return plugins.stewards.currentList(state.stewards.list)?.electionEpoch;
}

/**
 * In 3.0.0 a joiner during an election gets the old list, never learns the new one, and loses the group at a later
 * commit, undetected.
 */
describe.each(MODES)("W6: a joiner that misses an election (%s)", (mode) => {
  beforeEach(() => enter(mode));

  test("keeps an outdated list until one of its stewards sends the ConversationSync again", async () => {
    const late = await join(world, "late");
    // The joiner does not receive the election, which follows the ConversationSync at once.
    world.arrives = ({ to }) => to !== late || !isSynced(late);
    await until(world, () => members.every((member) => electedIn(member) === 2n));
    expect(late.state).toMatchObject({ phase: "working", sync: { synced: true } });
    expect(electedIn(late)).toBe(1n);
    world.arrives = () => true;
    const former = required(members.find(({ id }) => stewardsOf(late).includes(id)));
    await command(world, former, { kind: "sendSync" });
    await settle(world);
    expect(electedIn(late)).toBe(2n);
    expect(stewardsOf(late)).toEqual(stewardsOf(former));
  });
});

describe.each(MODES)("W6: members that have merged different commits (%s)", (mode) => {
  /** Two copies of one group in the same epoch: a member of each. */
  async function parted(): Promise<readonly [Member, Member]> {
    await enter(mode);
    const [target] = castOf(world).others;
    const [reader, writer] = members.filter((member) => member !== target) as [Member, Member];
    await approveBan(world, writer, target);
    const other = await fork(world, "another commit");
    await until(world, () => reader.state.group?.epoch === 2n);
    await until(other.world, () => other.members.every(({ state }) => state.group?.epoch !== 1n));
    return [reader, required(other.members[members.indexOf(writer)])];
  }

  test("emit diverged once, at the first message that cannot be decrypted", async () => {
    const [reader, writer] = await parted();
    expect([reader, writer].map(({ state }) => state.group?.epoch)).toEqual([2n, 2n]);
    expect(shareEpoch([reader, writer])).toBe(false);
    for (const text of ["hello", "is anybody there?"]) {
      const message = utf8ToBytes(text);
      const packet = await sealed(writer, {
        kind: "conversation_message",
        message,
        sender: "",
        conversationName: "garden",
      });
      expect(await receive(world, reader, packet)).toMatchObject({ reason: "not-decryptable" });
    }
    const epochAuthenticator = bytesToHex(reader.state.group?.epochAuthenticator ?? new Uint8Array());
    expect(eventsOf(reader, "diverged")).toEqual([{ kind: "diverged", epoch: 2n, epochAuthenticator }]);
  });

  test("do not emit diverged for messages of another epoch", async () => {
    const [reader, writer] = await parted();
    for (const epoch of [1n, 3n])
      await receive(world, reader, packetOf(writer, encodeMlsHeader(groupIdOf(writer), epoch)));
    expect(eventsOf(reader, "diverged")).toEqual([]);
  });
});

describe("W6: an open vote while a joiner is added", () => {
  /** Adds a joiner while the removal of `target` is open. */
  async function joinAmidVote(): Promise<{ late: Member; target: Member; proposalId: number }> {
    const [asker, target] = castOf(world).others;
    const late = await join(world, "late");
    await until(world, () => members.every(({ state }) => state.changes.approved.length === 1));
    await advance(world, 58_000);
    const proposalId = await ban(world, asker, target);
    await until(world, () => isSynced(late));
    return { late, target, proposalId };
  }

  test("is unknown to the joiner in de-mls-3, whose sync has no field for it", async () => {
    await enter("de-mls-3");
    const { late, proposalId } = await joinAmidVote();
    expect(late.plugins.consensus.tally(late.state.votes.sessions, proposalId)).toBeUndefined();
  });

  test("is in the ConversationSync, and the joiner makes the next commit with the others (strict)", async () => {
    await enter("strict");
    const { late, target, proposalId } = await joinAmidVote();
    const tally = late.plugins.consensus.tally(late.state.votes.sessions, proposalId);
    expect(tally).toMatchObject({ state: "active", yes: 1, expected: 3 });
    expect(eventsOf(late, "voteRequested").map((event) => event.proposalId)).not.toContain(proposalId);
    const staying = [...members, late].filter((member) => member !== target);
    await until(world, () => staying.every(({ state }) => state.group?.epoch === 3n));
    expect(shareEpoch(staying)).toBe(true);
    expect(late.state.group?.members).not.toContain(target.id);
  });

  test("is in the ConversationSync if it is approved already (strict)", async () => {
    await enter("strict");
    const { late } = await joinAmidVote();
    const committer = required(members.find(({ id }) => id === late.state.sync.admittedBy));
    const request = removeRequest(required(members.find((member) => member !== committer)).id);
    const approved = [{ proposalId: 7, request, proposer: committer.id }];
    alter(committer, "changes", { approved: approved });
    alter(late, "sync", { synced: false });
    await command(world, committer, { kind: "sendSync" });
    await deliver(world, ({ to }) => to === late);
    expect(late.state.changes.approved).toEqual(approved);
  });

  describe("in a hostile member's ConversationSync", () => {
    let late: Member;

    beforeEach(async () => {
      await enter("strict");
      ({ late } = await joinAmidVote());
    });

    /** A sync of `from` with these open proposals, to a joiner that still waits for one. */
    async function tell(from: Member, openProposals: OpenProposals): Promise<void> {
      const list = from.plugins.stewards.currentList(from.state.stewards.list);
      alter(late, "sync", { synced: false });
      const sync = {
        stewardMembers: (list?.members ?? []).map(memberIdToBytes),
        electionEpoch: list?.electionEpoch ?? 0n,
        ...{ snMin: 1, snMax: 1, allowSubsetCandidates: false, peerScores: [], timing: undefined },
        ...{ retryRound: list?.retryRound ?? 0, maxReelectionAttempts: 1, livenessCriteriaYes: true },
        ...{ thresholdPeerScore: 0n, pendingUpdateMaxEpochs: 3, openProposals },
      };
      await receive(world, late, await sealed(from, { kind: "conversation_sync", sync }));
    }

    function committer(): Member {
      return required(members.find(({ id }) => id === late.state.sync.admittedBy));
    }

    async function openProposal(owner: Member): Promise<Proposal> {
      const proposal = forgedProposal(world, owner, removeRequest(owner.id), { expectedVotersCount: 4 });
      const genuine = await signedVote(world, committer().signer, proposal, true);
      const bob = required(members.find((member) => member !== committer()));
      const forged = { ...genuine, voteOwner: memberIdToBytes(bob.id) };
      return { ...proposal, votes: [forged, genuine, genuine] };
    }

    test("has its invalid or repeated votes ignored", async () => {
      const proposal = await openProposal(committer());
      await tell(committer(), { approved: [], open: [proposal] });
      const tally = late.plugins.consensus.tally(late.state.votes.sessions, proposal.proposalId);
      expect(tally?.votes.map(({ voteOwner }) => voteOwner)).toEqual([memberIdToBytes(committer().id)]);
    });

    test("has its votes counted by the others' rule, so one yes and one no of three are undecided", async () => {
      const bob = required(members.find((member) => member !== committer()));
      const proposal = forgedProposal(world, bob, removeRequest(bob.id), { expectedVotersCount: 3 });
      const votes = [
        await signedVote(world, committer().signer, proposal, true),
        await signedVote(world, bob.signer, proposal, false),
      ];
      await tell(committer(), { approved: [], open: [{ ...proposal, votes }] });
      const tally = late.plugins.consensus.tally(late.state.votes.sessions, proposal.proposalId);
      expect(tally).toMatchObject({ yes: 1, no: 1, state: "active" });
    });

    test("has at most as many votes verified as there are voters", async () => {
      const proposal = await openProposal(committer());
      const [forged, genuine] = proposal.votes as [Vote, Vote];
      const voters = (late.state.group?.members.length ?? 0) + LIMITS.commitChanges;
      const votes = [...Array<Vote>(voters).fill(forged), genuine];
      await tell(committer(), { approved: [], open: [{ ...proposal, expectedVotersCount: 5_000, votes }] });
      const tally = late.plugins.consensus.tally(late.state.votes.sessions, proposal.proposalId);
      expect(tally?.votes).toEqual([]);
    });

    test("is ignored unless the sender committed the joiner's add", async () => {
      const other = required(members.find((member) => member !== committer()));
      const proposal = await openProposal(other);
      await tell(other, { approved: [proposal], open: [proposal] });
      expect(late.plugins.consensus.tally(late.state.votes.sessions, proposal.proposalId)).toBeUndefined();
      expect(late.state.changes.approved).toEqual([]);
    });

    test("has adds of unproved identities ignored", async () => {
      const [identity, random] = [new Uint8Array(20).fill(7), createSeededRandom("unproved")];
      const mls = createFakeMlsService({ identity, random, wallMs: () => wallMs(world) });
      const { bytes: keyPackage } = await mls.generateKeyPackage();
      const member = mls.identity;
      const change = { kind: "add", keyPackage, member } as const;
      const add = forgedProposal(world, committer(), change, { expectedVotersCount: 3 });
      const ban = forgedProposal(world, committer(), removeRequest(committer().id));
      await tell(committer(), { approved: [add, ban], open: [add, ban] });
      expect(late.state.changes.approved.map(({ proposalId }) => proposalId)).toEqual([ban.proposalId]);
      expect(late.plugins.consensus.tally(late.state.votes.sessions, add.proposalId)).toBeUndefined();
      expect(late.state.changes.pending.has(member)).toBe(false);
    });

    test("is bounded by the limits of a commit and a conversation", async () => {
      const proposals = [];
      for (let number = 0; number < LIMITS.commitChanges + 4; number++)
        proposals.push({ ...(await openProposal(committer())), votes: [] });
      await tell(committer(), { approved: proposals, open: proposals });
      expect(late.state.changes.approved).toHaveLength(LIMITS.commitChanges);
      expect(late.plugins.consensus.proposals(late.state.votes.sessions).length).toBeLessThanOrEqual(10);
    });
  });
});
