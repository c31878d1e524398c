import { REPAIR_SUBTOPIC } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import { repairEpochOf } from "../../src/model/repair.js";
import {
  additionOf,
  approve,
  ban,
  candidatePacket,
  candidatesBy,
  disagreements,
  epochOf,
  eventsOf,
  forgedCommit,
  fork,
  gather,
  leave,
  part,
  receive,
  rolesOf,
  runFor,
  runUntil,
  scoreOf,
  send,
  shareEpoch,
  stranger,
  take,
  textsOf,
  trackedVotes,
  vanish,
  vote,
  type Letter,
  type Member,
  type World,
  keepToStewards,
} from "../harness/index.js";
import { overhear, repairPacket, type Overheard } from "../lost-packets/material.js";

const NAMES = ["alice", "bob", "carol", "dave", "erin"];
const settled = await gather(NAMES, { mode: "strict", fakes: true });
await runFor(settled.world, 60_000);
const INACTIVITY_MS = 60_000;
const FREEZE_MS = 30_000;
const AWAY_MS = 5 * INACTIVITY_MS;

let world: World;
let steward: Member, backup: Member, one: Member, two: Member, three: Member;

async function enter(from = settled.world): Promise<void> {
  ({ world } = await fork(from));
  [steward, backup, one, two, three] = rolesOf(world);
}

beforeEach(() => enter());

const phasesOf = (members: readonly Member[]): ReadonlySet<string> =>
  new Set(members.map(({ state }) => state.phase));
const committersAt = (members: readonly Member[]) =>
  new Set(members.map((member) => eventsOf(member, "commitApplied").at(-1)?.committer));

/** Approves the addition of a stranger on all members. */
async function approveAddition(): Promise<void> {
  await approve(world, await additionOf(world, stranger(1), "one"));
}

const choicesIn = ({ repair, group }: Member["state"]) =>
  repair.log.filter(({ epoch, slot }) => epoch === group.epoch && slot.kind === "choice");

const isRepair = ({ packet }: Letter): boolean => packet.subtopic === REPAIR_SUBTOPIC;

/** The different commits that a member has chosen, in all its packets. */
function choicesBy(overheard: readonly Overheard[], { name }: Member): ReadonlySet<string> {
  return new Set(
    overheard.flatMap(({ from, message }) =>
      from === name && message.kind === "choice" ? [message.commitHash.join()] : [],
    ),
  );
}

describe("A partition with a steward on both sides", () => {
  test.each([
    ["the epoch steward", () => [steward, one]],
    ["the other steward", () => [backup, one]],
  ])("that leaves %s in the minority: it waits, and all have the majority's commit", async (_who, side) => {
    const minority = side();
    const majority = world.members.filter((member) => !minority.includes(member));
    await approveAddition();
    const epoch = epochOf(steward);
    part(world, minority);
    await runFor(world, INACTIVITY_MS + FREEZE_MS + 60_000);
    expect(majority.map(epochOf)).toEqual(majority.map(() => epoch + 1n));
    expect(minority.map(epochOf)).toEqual(minority.map(() => epoch));
    expect(phasesOf(minority)).toEqual(new Set(["selection"]));
    world.arrives = () => true;
    await runFor(world, 60_000);
    expect(shareEpoch(world.members)).toBe(true);
    expect(committersAt(world.members).size).toBe(1);
    for (const member of world.members) expect(eventsOf(member, "provisional")).toEqual([]);
    expect(disagreements(world.members)).toEqual([]);
  });

  test("is not over for the minority when it receives the answer to another one's request", async () => {
    const minority = [backup, one];
    await approveAddition();
    const epoch = epochOf(backup);
    part(world, minority);
    const isWaiting = ({ state }: Member): boolean =>
      state.phase === "selection" && choicesIn(state).length === 2 && state.repair.requests.length > 0;
    await runUntil(world, () => minority.every(isWaiting));
    const answer = {
      ...({
        kind: "served",
        nonce: new Uint8Array(8),
        packets: [],
        choices: [],
        more: false,
        voids: [],
      } as const),
      epoch: epoch + 1n,
    };
    const packet = await repairPacket(world, steward, answer, repairEpochOf(steward.state.repair, epoch));
    for (const member of minority) await receive(world, member, packet);
    expect(minority.map(epochOf)).toEqual([epoch, epoch]);
    await runFor(world, 60_000);
    world.arrives = () => true;
    await runFor(world, 60_000);
    expect(shareEpoch(world.members)).toBe(true);
  });
});

describe("Of two members one", () => {
  /** The other one vanishes; time in ms from the own choice to the merge. */
  async function timeAlone(): Promise<number> {
    let chosenAtMs: number | undefined;
    world.reads = () => {
      if (steward.state.phase === "selection") chosenAtMs ??= world.nowMs;
    };
    const epoch = epochOf(steward);
    await runUntil(world, () => epochOf(steward) > epoch);
    return world.nowMs - (chosenAtMs ?? Number.NaN);
  }

  test("that is left alone by the other merges after five inactivity timeouts, and emits `provisional`", async () => {
    ({ world } = await gather(["alice", "bob"], { mode: "strict", fakes: true }));
    [steward, backup] = rolesOf(world);
    await runFor(world, 60_000);
    await approveAddition();
    const epoch = epochOf(steward);
    vanish(world, [backup]);
    expect(await timeAlone()).toBe(AWAY_MS);
    expect(eventsOf(steward, "provisional")).toEqual([
      { kind: "provisional", epoch: epoch + 1n, chosenBy: 1, members: 2 },
    ]);
  });
});

describe("A member that lost all votes", () => {
  test("merges the commit that most have chosen, and closes its open vote", async () => {
    const config = { commitInactivityMs: 5_000, freezeMs: 2_000 };
    ({ world } = await gather(NAMES, { mode: "strict", fakes: true, config }));
    [steward, backup, one, two, three] = rolesOf(world);
    await runFor(world, 60_000);
    world.repairs = false;
    const id = await ban(world, steward, three);
    await runFor(world, 100);
    expect(trackedVotes(two).map(({ proposalId }) => proposalId)).toContain(id);
    let isVoting = true;
    world.arrives = ({ to }) => to !== two || !isVoting;
    for (const voter of [backup, one]) await vote(world, voter, id, true);
    await runFor(world, 100);
    isVoting = false;
    const epoch = epochOf(two);
    await runUntil(world, () => epochOf(two) > epoch);
    expect(eventsOf(two, "reconciled")).toMatchObject([{ added: [{ proposalId: id }], dropped: [] }]);
    expect(eventsOf(two, "proposalDecided").filter(({ proposalId }) => proposalId === id)).toMatchObject([
      { result: "yes" },
    ]);
    expect(trackedVotes(two).filter(({ proposalId }) => proposalId === id)).toEqual([]);
    await runFor(world, 1_000);
    expect(shareEpoch([steward, backup, one, two])).toBe(true);
  });
});

describe("While members wait for choices", () => {
  beforeEach(async () => {
    await approveAddition();
    world.arrives = (letter) => !isRepair(letter);
    await runUntil(world, () => world.members.every(({ state }) => state.phase === "selection"));
  });

  test("their chat arrives", async () => {
    await send(world, one, "in selection");
    await runFor(world, 1_000);
    expect(phasesOf(world.members)).toEqual(new Set(["selection"]));
    for (const reader of world.members.filter((member) => member !== one))
      expect(textsOf(reader)).toEqual(["in selection"]);
  });

  test("their choices come late, and all merge", async () => {
    const epoch = epochOf(steward);
    await runFor(world, 30_000);
    expect(world.members.every((member) => epochOf(member) === epoch)).toBe(true);
    world.arrives = () => true;
    await runFor(world, 30_000);
    expect(world.members.map(epochOf)).toEqual(NAMES.map(() => epoch + 1n));
    for (const member of world.members) expect(eventsOf(member, "provisional")).toEqual([]);
  });
});

describe("A vote by hand", () => {
  test("counts while its voter waits for choices", async () => {
    await approveAddition();
    await runFor(world, INACTIVITY_MS - 1_000);
    const id = await ban(world, steward, three);
    await runFor(world, 500);
    world.arrives = (letter) => !isRepair(letter);
    await runUntil(world, () => two.state.phase === "selection");
    await vote(world, two, id, true);
    await runFor(world, 100);
    const voters = eventsOf(backup, "voteCast").filter(({ proposalId }) => proposalId === id);
    expect(voters.map(({ voter }) => voter)).toContain(two.id);
  });
});

describe("A member", () => {
  let overheard: Overheard[];

  beforeEach(() => void (overheard = overhear(world)));

  /** The other steward does not wait for the first one, and one member receives only its candidate, and chooses it. */
  function hearBackupOnly(): void {
    backup.state = { ...backup.state, config: { ...backup.state.config, standInMs: 1 } };
    const arrives = ({ to, from }: Letter): boolean =>
      to === one ? from === backup : from !== steward || to !== backup;
    world.arrives = (letter) => arrives(letter) && (letter.to !== one || !isRepair(letter));
  }

  test("keeps its choice when a better candidate arrives", async () => {
    await approveAddition();
    hearBackupOnly();
    await runUntil(world, () => one.state.phase === "selection");
    const [before] = choicesBy(overheard, one);
    expect(before).toBe(candidatesBy(one, backup)[0]?.commitHash.join());
    world.arrives = () => true;
    await runFor(world, 60_000);
    expect(candidatesBy(one, steward)).toEqual([]);
    expect(choicesBy(overheard, one).size).toBe(1);
    expect(shareEpoch(world.members)).toBe(true);
  });

  test("that lost the record of its choice has it back from the others, and takes no other one", async () => {
    await approveAddition();
    hearBackupOnly();
    await runUntil(world, () => candidatesBy(one, backup).length > 0);
    const stored = one.state;
    await runUntil(world, () => one.state.phase === "selection");
    await runFor(world, 100);
    expect(choicesBy(overheard, one).size).toBe(1);
    one.state = stored;
    world.arrives = () => true;
    await take(world, one, { kind: "resumed" });
    await runFor(world, 60_000);
    expect(choicesBy(overheard, one).size).toBe(1);
    expect(shareEpoch(world.members)).toBe(true);
  });

  test("that leaves chooses no commit, and is let go by the others", async () => {
    await leave(world, two);
    await runUntil(world, () => two.state.phase === "ended");
    await runFor(world, 1_000);
    expect(eventsOf(two, "leaving")).toEqual([{ kind: "leaving", reason: "left" }]);
    expect(choicesBy(overheard, two).size).toBe(0);
    const others = world.members.filter((member) => member !== two);
    expect(others.flatMap((member) => [...choicesBy(overheard, member)])).toHaveLength(4);
    expect(shareEpoch(others)).toBe(true);
    for (const member of others) expect(eventsOf(member, "provisional")).toEqual([]);
  });

  test("scores the absent epoch steward as the others do, and so does that steward once it is back", async () => {
    await approveAddition();
    const before = scoreOf(one, steward) ?? 0n;
    vanish(world, [steward]);
    await runUntil(world, () => eventsOf(one, "commitApplied").length > 0);
    await runFor(world, 1_000);
    world.arrives = () => true;
    await runFor(world, 120_000);
    expect(committersAt(world.members)).toEqual(new Set([backup.id]));
    const { epoch } = steward.state.group;
    await approve(world, await additionOf(world, stranger(2), "next"));
    await runUntil(world, () => world.members.every(({ state }) => state.group.epoch > epoch));
    const scores = new Set(world.members.map((viewer) => scoreOf(viewer, steward)));
    expect(scores.size).toBe(1);
    expect([...scores][0]).toBeLessThan(before);
    expect(disagreements(world.members)).toEqual([]);
  });
});

describe("A member of five that rejects a commit", () => {
  /** Lets `two` alone choose the commit of the steward, and learn that `choosers` have chosen another one. */
  async function closeAgainst(choosers: readonly Member[]): Promise<void> {
    await approveAddition();
    const { keyPackage } = await additionOf(world, stranger(1), "other keys");
    const swapped = await forgedCommit(backup, [{ kind: "add", keyPackage }]);
    await receive(world, two, candidatePacket(backup, swapped));
    const [held] = candidatesBy(two, backup);
    const commitHash = held?.commitHash as Uint8Array;
    for (const member of choosers)
      await receive(world, two, await repairPacket(world, member, { kind: "choice", commitHash }));
    world.arrives = (letter) => letter.to === two && letter.from === steward && !isRepair(letter);
    const epoch = epochOf(two);
    await runUntil(world, () => epochOf(two) > epoch);
  }

  test("merges the one that it has chosen after the wait if a third or less have chosen that one", async () => {
    await closeAgainst([backup]);
    expect(eventsOf(two, "commitApplied").at(-1)?.committer).toBe(steward.id);
    expect(eventsOf(two, "provisional")).toMatchObject([{ chosenBy: 1, members: 5 }]);
  });

  test("merges it after the wait if two members have chosen it, one of whom is honest", async () => {
    await closeAgainst([backup, one]);
    expect(eventsOf(two, "commitApplied").at(-1)?.committer).toBe(backup.id);
    expect(eventsOf(two, "provisional")).toMatchObject([{ chosenBy: 2, members: 5 }]);
  });
});

describe("A steward", () => {
  test("is overtaken if a newer key package is approved after its candidate was sent", async () => {
    keepToStewards(world);
    await approve(world, await additionOf(world, stranger(1), "older"));
    world.arrives = () => false;
    await runUntil(world, () => candidatesBy(steward, steward).length > 0);
    const newer = await additionOf(world, stranger(1), "newer");
    await approve(world, newer);
    await runFor(world, FREEZE_MS);
    expect(phasesOf(world.members)).toEqual(new Set(["selection", "reelection"]));
    world.arrives = () => true;
    const epoch = epochOf(one);
    await runUntil(world, () => world.members.every((member) => epochOf(member) > epoch));
    expect(shareEpoch(world.members)).toBe(true);
  });
});
