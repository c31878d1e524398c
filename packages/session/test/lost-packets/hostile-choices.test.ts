import { bytesToHex, hexToBytes, type Packet } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import { LIMITS } from "../../src/model/limits.js";
import {
  additionOf,
  alter,
  approve,
  approveBan,
  broadcast,
  candidatePacket,
  candidatesBy,
  enter,
  epochOf,
  eventsOf,
  forgedCommit,
  fork,
  gather,
  overfull,
  receive,
  rolesOf,
  runFor,
  runUntil,
  send,
  shareEpoch,
  stranger,
  take,
  textsOf,
  type Member,
  type World,
} from "../harness/index.js";
import { currentEpochOf, overhear, positionOf, repairPacket, reportOf, unknownKeyId } from "./material.js";

const settled = await gather(["alice", "bob", "carol", "dave", "erin"], { mode: "strict", fakes: true });
await runFor(settled.world, 60_000);
const AWAY_MS = 300_000;

let world: World;
let steward: Member, backup: Member, reader: Member, other: Member, hostile: Member;
let honest: readonly Member[];

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  [steward, backup, reader, other, hostile] = rolesOf(world);
  honest = [steward, backup, reader, other];
});

const hashOf = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);

function choiceOf(from: Member, commitHash: Uint8Array, epoch = currentEpochOf(from)): Promise<Packet> {
  return repairPacket(world, from, { kind: "choice", commitHash }, epoch);
}

/** The choices that a member has, as position and commit. */
function choicesAt({ state }: Member): readonly string[] {
  return state.repair.log.flatMap(({ slot }) =>
    slot.kind === "choice" ? [`${slot.position} ${slot.commit}`] : [],
  );
}

/** Makes a request of a member open, and delivers a hostile answer to it. */
async function serve(packets: readonly Uint8Array[], choices: readonly Uint8Array[]): Promise<void> {
  world.arrives = () => false;
  await take(world, reader, { kind: "resumed" });
  const nonce = hexToBytes(reader.state.repair.requests[0]?.nonce ?? "") ?? new Uint8Array(0);
  const { group } = reader.state;
  const answer = {
    kind: "served",
    nonce,
    packets,
    choices,
    more: false,
    epoch: group.epoch,
    voids: [],
  } as const;
  await receive(world, reader, await repairPacket(world, hostile, answer));
}

describe("A choice", () => {
  test("with a forged signature is rejected", async () => {
    const before = choicesAt(reader);
    const forged = await choiceOf({ ...hostile, id: steward.id }, hashOf(1));
    expect(await receive(world, reader, forged)).toMatchObject({ reason: "not-decryptable" });
    expect(choicesAt(reader)).toEqual(before);
  });

  test("of an outsider is not read", async () => {
    const before = choicesAt(reader);
    const outsider = await enter(world, "mallory");
    const epoch = { ...currentEpochOf(reader), key: new Uint8Array(16), keyId: unknownKeyId(reader) };
    const unknown = await choiceOf({ ...outsider, state: reader.state }, hashOf(1), epoch);
    expect(await receive(world, reader, unknown)).toEqual({
      kind: "ignored",
      reason: "unknown-repair-key",
    });
    const { keyId } = currentEpochOf(reader);
    const guessed = await choiceOf({ ...outsider, state: reader.state }, hashOf(1), {
      ...epoch,
      keyId,
    });
    expect(await receive(world, reader, guessed)).toMatchObject({ reason: "not-decryptable" });
    expect(choicesAt(reader)).toEqual(before);
  });

  test("of a former member under an old key counts in the old epoch only", async () => {
    const old = currentEpochOf(hostile);
    const { group } = hostile.state;
    await approveBan(world, steward, hostile);
    await runUntil(world, () => hostile.state.phase === "ended");
    await runFor(world, 10_000);
    const former = { ...hostile, state: { ...reader.state, group } };
    const { log, requests } = reader.state.repair;
    await receive(world, reader, await choiceOf(former, hashOf(1), old));
    const fresh = reader.state.repair.log.filter((entry) => !log.includes(entry));
    expect(fresh.map(({ epoch }) => epoch)).toEqual([old.epoch]);
    expect(reader.state.repair.requests).toEqual(requests);
    await approve(world, await additionOf(world, stranger(1), "one"));
    const epoch = epochOf(reader);
    await runUntil(world, () => epochOf(reader) > epoch);
    expect(eventsOf(reader, "provisional")).toEqual([]);
  });

  test.each([0, 8, 31, 33])("with a hash of %i bytes is rejected", async (length) => {
    const before = choicesAt(reader);
    const packet = await choiceOf(hostile, new Uint8Array(length));
    expect(await receive(world, reader, packet)).toEqual({
      ...{ kind: "rejected", reason: "malformed-message" },
      sender: hostile.id,
    });
    expect(choicesAt(reader)).toEqual(before);
  });

  test("is kept twice for one member, and ignored beyond", async () => {
    const outcomes = [];
    for (const byte of [1, 2, 3, 1])
      outcomes.push(await receive(world, reader, await choiceOf(hostile, hashOf(byte))));
    expect(outcomes).toEqual([
      { kind: "accepted", what: "choice", sender: hostile.id },
      { kind: "accepted", what: "choice", sender: hostile.id },
      { kind: "ignored", reason: "too-many-choices" },
      { kind: "ignored", reason: "known-choice" },
    ]);
    const at = positionOf(reader, hostile);
    const kept = [1, 2].map((byte) => `${at} ${bytesToHex(hashOf(byte))}`);
    expect(choicesAt(reader).filter((choice) => kept.includes(choice))).toEqual(kept);
    expect(choicesAt(reader)).not.toContain(`${at} ${bytesToHex(hashOf(3))}`);
  });

  test("that differs at each member is not asked for again and again", async () => {
    hostile.online = false;
    for (const [at, member] of honest.entries())
      for (const byte of [2 * at, 2 * at + 1])
        await receive(world, member, await choiceOf(hostile, hashOf(byte)));
    await runFor(world, 60_000);
    const heard = overhear(world);
    await runFor(world, 600_000);
    expect(heard.length).toBeLessThanOrEqual(2 * honest.length);
  });

  test("in ever other packets exceeds no bound", async () => {
    for (let i = 0; i < 1_000; i++) {
      const hash = hashOf(0)
        .with(0, i % 256)
        .with(1, i >> 8);
      await receive(world, reader, await choiceOf(hostile, hash));
    }
    const at = positionOf(reader, hostile);
    const current = epochOf(reader);
    const kept = reader.state.repair.log.filter(
      ({ epoch, slot }) => epoch === current && slot.kind === "choice" && slot.position === at,
    );
    expect(kept).toHaveLength(LIMITS.choicesPerMember);
    expect(overfull(reader)).toEqual([]);
  });
});

test("An own choice is kept while the log is full of shorter packets", async () => {
  await approve(world, await additionOf(world, stranger(1), "one"));
  world.arrives = () => false;
  await runUntil(world, () => reader.state.phase === "selection");
  await runUntil(world, () => reader.state.repair.log.some(isCurrentChoice));
  const choices = reader.state.repair.log.filter(isCurrentChoice);
  const short = Array.from({ length: LIMITS.loggedPackets - choices.length }, (_, i) => ({
    ...{ epoch: BigInt(i), atMs: 0, payload: new Uint8Array(1) },
    slot: { kind: "message", position: 0, generation: 0 } as const,
  }));
  // The choices are the sender with the most bytes.
  alter(reader, "repair", { log: [...choices, ...short] });
  world.arrives = () => true;
  for (let i = 0; i < 20; i++) await send(world, steward, "chat", i);
  await runFor(world, 0);
  expect(overfull(reader)).toEqual([]);
  expect(reader.state.repair.log.filter(isCurrentChoice)).toEqual(choices);

  function isCurrentChoice({ epoch, slot }: { epoch: bigint; slot: { kind: string } }): boolean {
    return slot.kind === "choice" && epoch === epochOf(reader);
  }
});

describe("With one hostile member of five, the others agree on one commit", () => {
  async function expectAgreement(withinMs: number): Promise<void> {
    const epoch = epochOf(steward);
    const startMs = world.nowMs;
    await runUntil(world, () => honest.every((member) => epochOf(member) > epoch));
    expect(world.nowMs - startMs).toBeLessThanOrEqual(withinMs);
    expect(honest.map(epochOf)).toEqual(honest.map(() => epoch + 1n));
    expect(shareEpoch(honest)).toBe(true);
    for (const member of honest) expect(overfull(member)).toEqual([]);
  }

  const approveAddition = async (): Promise<void> =>
    approve(world, await additionOf(world, stranger(1), "one"));

  test("that chooses commits which do not exist", async () => {
    await approveAddition();
    hostile.online = false;
    for (const byte of [1, 2]) broadcast(world, hostile, await choiceOf(hostile, hashOf(byte)));
    await expectAgreement(120_000);
    for (const member of honest) expect(eventsOf(member, "provisional")).toEqual([]);
  });

  test("that chooses a commit which does not exist while one honest member is away", async () => {
    await approveAddition();
    hostile.online = false;
    broadcast(world, hostile, await choiceOf(hostile, hashOf(1)));
    honest = [steward, backup, reader];
    world.arrives = ({ from, to }) => from !== other && to !== other;
    await expectAgreement(120_000);
  });

  test("that chooses a commit which does not exist while two honest members are away", async () => {
    await approveAddition();
    hostile.online = false;
    broadcast(world, hostile, await choiceOf(hostile, hashOf(1)));
    honest = [steward, backup];
    world.arrives = ({ from, to }) => ![reader, other].includes(from) && ![reader, other].includes(to);
    await expectAgreement(90_000 + AWAY_MS);
  });

  test("that sends different choices to each half", async () => {
    await approveAddition();
    hostile.online = false;
    for (const [at, member] of honest.entries())
      await receive(world, member, await choiceOf(hostile, hashOf(1 + (at % 2))));
    await expectAgreement(120_000);
    for (const member of honest) expect(eventsOf(member, "provisional")).toEqual([]);
  });

  test("that sends a commit of its own and chooses it", async () => {
    await approveAddition();
    const bad = await forgedCommit(hostile, [{ kind: "remove", member: reader.id }]);
    broadcast(world, hostile, candidatePacket(hostile, bad));
    await runFor(world, 0);
    hostile.online = false;
    const held = candidatesBy(reader, hostile)[0];
    expect(held).toBeDefined();
    broadcast(world, hostile, await choiceOf(hostile, held?.commitHash ?? hashOf(0)));
    await expectAgreement(120_000);
    expect(reader.state.phase).not.toBe("ended");
  });

  test("that sends other commits to one of them than to the others, as many as it can", async () => {
    hostile = backup;
    const addition = await additionOf(world, stranger(1), "one");
    await approve(world, addition);
    const change = { kind: "add", keyPackage: addition.keyPackage } as const;
    const commits = [];
    for (let i = 0; i <= LIMITS.candidatesPerSteward + 1; i++)
      commits.push(await forgedCommit(hostile, [change]));
    hostile.online = false;
    hostile.wakeAtMs = undefined;
    const sent = commits.map((commit) => candidatePacket(hostile, commit));
    const [last, next] = [sent.pop(), sent.pop()] as [Packet, Packet];
    const [, , first, second, third] = rolesOf(world);
    honest = [first, second, third];
    world.arrives = ({ from, to }) => from !== first && [second, third].includes(to);
    for (const packet of sent)
      expect(await receive(world, first, packet)).toMatchObject({ kind: "accepted" });
    expect(await receive(world, first, last)).toEqual({ kind: "ignored", reason: "lesser-candidate" });
    for (const member of [second, third]) await receive(world, member, last);
    const [chosen] = candidatesBy(second, hostile);
    const choice = await choiceOf(hostile, chosen?.commitHash ?? hashOf(0));
    for (const member of [second, third]) await receive(world, member, choice);
    // Its own choice makes room for one more.
    await runUntil(world, () => first.state.phase === "selection");
    expect(await receive(world, first, next)).toMatchObject({ kind: "accepted" });
    world.arrives = ({ from, to }) => honest.includes(from) && honest.includes(to);
    await runFor(world, 60_000);
    expect(new Set(honest.map(epochOf)).size).toBe(1);
    expect(shareEpoch(honest)).toBe(true);
    for (const member of honest) expect(eventsOf(member, "provisional")).toEqual([]);
  });
});

test("Commits of one member that differ at the others are not asked for again and again", async () => {
  hostile = backup;
  const commits = [];
  for (let i = 0; i < 2 * LIMITS.candidatesPerSteward; i++)
    commits.push(await forgedCommit(hostile, [{ kind: "remove", member: reader.id }]));
  hostile.online = false;
  for (const [at, member] of [steward, reader, other].entries())
    for (let i = 0; i < LIMITS.candidatesPerSteward; i++) {
      const commit = commits[(2 * at + i) % commits.length];
      if (commit !== undefined) await receive(world, member, candidatePacket(hostile, commit));
    }
  await runFor(world, 60_000);
  const heard = overhear(world);
  await runFor(world, 600_000);
  expect(heard.length).toBeLessThanOrEqual(2 * world.members.length);
});

describe("Served choices", () => {
  test("are kept like received ones", async () => {
    await serve([], [(await choiceOf(steward, hashOf(1))).payload]);
    expect(choicesAt(reader)).toContain(`${positionOf(reader, steward)} ${bytesToHex(hashOf(1))}`);
  });

  test("that contain a report or an answer are rejected, and nothing in them is taken", async () => {
    const choice = (await choiceOf(steward, hashOf(1))).payload;
    const report = await repairPacket(world, steward, reportOf(world, steward, { asks: true }));
    const nested = await repairPacket(world, steward, {
      ...({ kind: "served", nonce: new Uint8Array(8), packets: [], more: false, voids: [] } as const),
      ...{ choices: [choice], epoch: 99n },
    });
    const empty = await repairPacket(world, steward, { kind: "empty" });
    const { answers, nonces } = reader.state.repair;
    const outcomes = reader.outcomes.length;
    await serve(
      [],
      [report, nested, empty].map(({ payload }) => payload),
    );
    const rejections = reader.outcomes.slice(outcomes).filter(({ kind }) => kind === "rejected");
    expect(rejections).toEqual(
      [1, 2, 3].map(() => ({ kind: "rejected", reason: "malformed-message", sender: steward.id })),
    );
    expect(choicesAt(reader)).not.toContain(`${positionOf(reader, steward)} ${bytesToHex(hashOf(1))}`);
    expect(reader.state.repair).toMatchObject({ answers, nonces, peerEpoch: epochOf(reader) });
  });

  test("among the messages of an answer are not read", async () => {
    await serve([(await choiceOf(steward, hashOf(1))).payload], []);
    expect(choicesAt(reader)).not.toContain(`${positionOf(reader, steward)} ${bytesToHex(hashOf(1))}`);
  });

  test("beyond the bound of an answer are rejected with it", async () => {
    const { payload } = await choiceOf(steward, hashOf(1));
    const many = Array.from({ length: LIMITS.servedPackets }, () => Uint8Array.of(1));
    await serve([payload], many);
    expect(choicesAt(reader)).not.toContain(`${positionOf(reader, steward)} ${bytesToHex(hashOf(1))}`);
    expect(reader.outcomes.at(-1)).toMatchObject({ kind: "rejected", reason: "malformed-message" });
  });
});

describe("A report of choices", () => {
  const commit = new Uint8Array(8).fill(1);

  test.each([
    ["with a bitmap that is too long", [{ commit, choosers: new Uint8Array(2) }]],
    ["with a commit of another length", [{ commit: new Uint8Array(9), choosers: new Uint8Array(1) }]],
    [
      "of more commits than the bound",
      Array.from({ length: LIMITS.repairCandidates + 1 }, () => ({ commit, choosers: new Uint8Array(1) })),
    ],
  ])("%s is rejected and changes nothing", async (_what, chosen) => {
    const { repair } = reader.state;
    const packet = await repairPacket(world, hostile, reportOf(world, hostile, { chosen }));
    expect(await receive(world, reader, packet)).toMatchObject({ reason: "malformed-message" });
    expect(reader.state.repair).toEqual(repair);
  });

  test("that do not exist costs a bounded number of requests, and chat still arrives", async () => {
    const chosen = [{ commit, choosers: Uint8Array.of(0xff) }];
    const startMs = world.nowMs;
    let requests = 0;
    world.reads = ({ appId }) => void (appId === reader.appId && requests++);
    while (world.nowMs < startMs + 60_000) {
      const packet = await repairPacket(world, hostile, reportOf(world, hostile, { chosen }));
      await receive(world, reader, packet);
      await runFor(world, 500);
    }
    // A request each five seconds, and reports.
    expect(requests).toBeLessThanOrEqual(60);
    await send(world, steward, "hello");
    await runFor(world, 5_000);
    expect(textsOf(reader)).toEqual(["hello"]);
    await runFor(world, 900_000);
    expect(reader.state.repair.requests).toEqual([]);
  });
});
