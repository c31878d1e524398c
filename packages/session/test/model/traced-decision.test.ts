import { DemlsError, type MemberId, memberIdFromBytes } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import type { TracedDecision } from "../../src/trace/index.js";
import {
  deadlockRequest,
  removeRequest,
  scoreRemovalRequest,
  type ChangeRequest,
} from "../../src/model/request.js";
import {
  additionOf,
  advance,
  approve,
  approveBan,
  ban,
  candidatePacket,
  decisionsOf,
  eventsOf,
  forgedCommit,
  forgedProposal,
  fork,
  gather,
  keyPackageOf,
  keyPackagePacket,
  receive,
  rolesOf,
  scoreOf,
  sendUnchecked,
  settle,
  sign,
  stranger,
  take,
  until,
  type Member,
  type World,
} from "../harness/index.js";

const settled = await gather(["alice", "bob", "carol", "dave", "erin"]);

let world: World;
let steward: Member, backup: Member, target: Member, onlooker: Member, mallory: Member;

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  [steward, backup, target, onlooker, mallory] = rolesOf(world);
});

/** The phases that a member went through, with the reasons. */
function phasesOf(member: Member): readonly string[] {
  return decisionsOf(member, "phase").map(({ to, reason }) => `${to}: ${reason}`);
}

async function approveRemoval(): Promise<void> {
  await approveBan(world, onlooker, target);
}

describe("Default votes are traced with their reasons", () => {
  /** Reason of the onlooker's default vote on a request that Mallory proposes. */
  async function reasonFor(request: ChangeRequest): Promise<unknown> {
    await sendUnchecked(world, mallory, {
      kind: "proposal",
      proposal: forgedProposal(world, mallory, request),
    });
    await settle(world);
    const asked = eventsOf(onlooker, "voteRequested").at(-1);
    const decided = decisionsOf(onlooker, "defaultVote").at(-1);
    expect(decided).toMatchObject({ proposalId: asked?.proposalId, vote: asked?.defaultVote });
    return decided?.reason;
  }

  const emergency = (creator: MemberId): ChangeRequest => ({
    kind: "emergency",
    evidence: {
      violation: "brokenCommit",
      target: target.id,
      payload: new Uint8Array(),
      epoch: 1n,
      creator: creator,
    },
  });

  const CASES: [string, () => ChangeRequest | Promise<ChangeRequest>][] = [
    ["silence-agrees", () => removeRequest(target.id)],
    ["not-a-member", () => removeRequest("ab".repeat(20) as MemberId)],
    ["unexpected-list", () => ({ kind: "electStewards", stewards: [], electionEpoch: 1n, retryRound: 0 })],
    ["no-evidence", () => ({ kind: "emergency", evidence: undefined })],
    ["foreign-evidence", () => emergency(target.id)],
    ["unconfirmed-accusation", () => emergency(mallory.id)],
    ["not-deadlocked", () => deadlockRequest(mallory.id, 1n)],
    ["score-above-threshold", () => scoreRemovalRequest(mallory.id, target.id, -100n, 1n)],
    [
      "unsound-invitation",
      () => ({ kind: "add", keyPackage: new Uint8Array(9), member: memberIdFromBytes(stranger(1)) }),
    ],
    [
      "rival-invitation",
      async () => {
        const request = await additionOf(world, stranger(1), "guest");
        await approve(world, request);
        return request;
      },
    ],
  ];

  test.each(CASES)("%s", async (reason, requestOf) => {
    expect(await reasonFor(await requestOf())).toBe(reason);
  });

  test("silence-blocks", async () => {
    for (const member of world.members)
      member.state = { ...member.state, config: { ...member.state.config, livenessCriteriaYes: false } };
    expect(await reasonFor(removeRequest(target.id))).toBe("silence-blocks");
  });
});

describe("Phase changes are traced with their reasons", () => {
  test("of a merged commit", async () => {
    await approveRemoval();
    await until(world, () => onlooker.state.group?.members.length === 4);
    expect(phasesOf(onlooker)).toEqual([
      expect.stringMatching(/^freezing: (candidate-arrived|inactivity)$/),
      "selection: all-candidates-in",
      "working: commit-merged",
    ]);
    expect(phasesOf(target).at(-1)).toBe("ended: removed");
  });

  test("of a freeze without a commit", async () => {
    for (const member of [steward, backup]) {
      const createCandidate = (): Promise<never> =>
        Promise.reject(new DemlsError("commit-failed", { message: "It cannot commit today." }));
      Object.assign(member, { plugins: { ...member.plugins, mls: { ...member.mls, createCandidate } } });
    }
    await approveRemoval();
    await until(world, () => onlooker.state.phase === "reelection");
    expect(phasesOf(onlooker)).toEqual([
      "freezing: inactivity",
      "selection: freeze-over",
      "reelection: no-candidate",
    ]);
  });
});

describe("Candidates are traced with their results and reasons", () => {
  test("the epoch steward's is chosen, the other outranked", async () => {
    await approveRemoval();
    await until(world, () => onlooker.state.group?.members.length === 4);
    expect(decisionsOf(onlooker, "candidateHeld").map((held) => held.steward)).toEqual(
      expect.arrayContaining([steward.id, backup.id]),
    );
    expect(decisionsOf(onlooker, "candidateChosen")).toMatchObject([
      { steward: steward.id, reason: "epoch-stewards" },
    ]);
    expect(decisionsOf(onlooker, "candidateDropped")).toMatchObject([
      { steward: backup.id, reason: "outranked" },
    ]);
  });

  test("a candidate that violates a rule is dropped with that reason", async () => {
    await approveRemoval();
    const removal = { kind: "remove", member: target.id } as const;
    const other = { kind: "remove", member: mallory.id } as const;
    for (const member of [steward, backup]) member.online = false;
    const forged: [Member, readonly (typeof removal | typeof other)[]][] = [
      [mallory, [removal]],
      [steward, [removal, other]],
      [backup, [other]],
    ];
    for (const [from, changes] of forged)
      await receive(world, onlooker, candidatePacket(from, await forgedCommit(from, changes)));
    await until(world, () => onlooker.state.phase === "reelection");
    expect(decisionsOf(onlooker, "candidateDropped").map(({ steward, reason }) => [steward, reason])).toEqual(
      [
        [mallory.id, "broken-commit"],
        [steward.id, "wrong-count"],
        [backup.id, "not-what-was-approved"],
      ],
    );
  });
});

describe("A trace of automatic proposals", () => {
  test("it opens when its turn has come, and holds back when it has not", async () => {
    const guest = stranger(1);
    const packet = keyPackagePacket(
      { appId: new Uint8Array(16).fill(9) },
      await keyPackageOf(world, guest, "guest"),
    );
    for (const member of [steward, onlooker]) await receive(world, member, packet);
    const operation = "bufferedChange";
    expect(decisionsOf(onlooker, "heldBack").at(-1)).toMatchObject({
      operation,
      reason: "not-this-members-turn",
    });
    const [submitted] = eventsOf(steward, "ownProposalSubmitted");
    expect(submitted?.proposalId).toBeDefined();
    expect(decisionsOf(steward, "opened")).toEqual([
      { kind: "opened", operation, proposalId: submitted?.proposalId },
    ]);
  });

  test("an election is held back while the list lasts, and then by all but its proposer", async () => {
    const reasons = (member: Member): readonly string[] =>
      member.decisions.flatMap((made) =>
        made.kind === "heldBack" && made.operation === "stewardElection" ? [made.reason] : [],
      );
    const opens = ({ decisions }: Member): boolean =>
      decisions.some((made) => made.kind === "opened" && made.operation === "stewardElection");
    await approve(world, removeRequest(target.id));
    await until(world, () => onlooker.state.group?.epoch === 2n);
    expect(reasons(onlooker)).toEqual(["list-not-exhausted"]);
    await approve(world, removeRequest(mallory.id));
    await until(world, () => onlooker.state.group?.epoch === 3n);
    const staying = [steward, backup, onlooker];
    await until(world, () => staying.every(({ state }) => state.group?.epoch === 3n));
    const others = staying.filter((member) => !opens(member));
    expect(others).toHaveLength(2);
    for (const member of others) expect(reasons(member)).toContain("not-the-proposer");
  });

  test("leaves nothing but its failure on record where it cannot be opened", async () => {
    const consensus = {
      ...steward.plugins.consensus,
      open: (): never => {
        throw new DemlsError("proposal-already-exist", { message: "There is one." });
      },
    };
    Object.assign(steward, { plugins: { ...steward.plugins, consensus } });
    const guest = await keyPackageOf(world, stranger(1), "guest");
    await receive(world, steward, keyPackagePacket({ appId: new Uint8Array(16).fill(9) }, guest));
    expect(steward.decisions).toEqual([
      { kind: "openingFailed", operation: "bufferedChange", code: "proposal-already-exist" },
    ] satisfies TracedDecision[]);
  });

  test("is given up for a reason: the signer declined, or answered too late", async () => {
    onlooker.signsAtOnce = false;
    const declined = await ban(world, onlooker, target);
    await take(world, onlooker, { kind: "signingFailed", requestId: onlooker.unsigned[0]?.requestId ?? 0 });
    const late = await ban(world, onlooker, mallory);
    await ban(world, steward, target);
    await until(world, () => onlooker.state.group?.epoch === 2n);
    for (const request of onlooker.unsigned) await sign(world, onlooker, request);
    expect(decisionsOf(onlooker, "proposalAbandoned")).toEqual([
      { kind: "proposalAbandoned", proposalId: declined, reason: "unsigned" },
      { kind: "proposalAbandoned", proposalId: late, reason: "signed-too-late" },
    ]);
  });
});

test("A result is traced with its votes", async () => {
  const proposalId = await ban(world, onlooker, target);
  await until(world, () => steward.state.votes.resolved.includes(proposalId));
  const [decided] = decisionsOf(steward, "proposalDecided");
  expect(decided).toMatchObject({ proposalId, request: "remove", result: "yes", no: 1, expected: 5 });
  expect(decided?.yes).toBeGreaterThanOrEqual(3);
});

test("Score changes are traced with their causes", async () => {
  const [stewards, backups] = [scoreOf(onlooker, steward) ?? 0n, scoreOf(onlooker, backup) ?? 0n];
  await approveRemoval();
  await until(world, () => onlooker.state.group?.members.length === 4);
  expect(decisionsOf(onlooker, "score")).toEqual([
    { kind: "score", member: steward.id, score: stewards + 10n, cause: "successful-commit" },
    { kind: "score", member: backup.id, score: backups + 5n, cause: "honest-commit-attempt" },
  ]);
});

test("Uncommittable changes are traced with their obstacles", async () => {
  const nobody = "ab".repeat(20) as MemberId;
  await approve(world, removeRequest(nobody), removeRequest(target.id));
  await advance(world, 100_000);
  expect(decisionsOf(onlooker, "uncommittableChange")).toContainEqual({
    kind: "uncommittableChange",
    obstacle: { kind: "notAMember", target: nobody },
  });
});
