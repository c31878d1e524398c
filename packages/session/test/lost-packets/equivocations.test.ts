import { beforeEach, describe, expect, test } from "vitest";
import { withEquivocation } from "../../src/model/evidence.js";
import { LIMITS } from "../../src/model/limits.js";
import { snapshotOf } from "../../src/view/snapshot.js";
import {
  accusation,
  alter,
  ban,
  command,
  disagreements,
  environmentOf,
  epochOf,
  eventsOf,
  fork,
  gather,
  overfull,
  propose,
  receive,
  rolesOf,
  runFor,
  runUntil,
  scoreOf,
  send,
  type Member,
  type World,
} from "../harness/index.js";
import { currentEpochOf, overhear, repairPacket } from "./material.js";

const settled = await gather(["alice", "bob", "carol", "dave", "erin"], { mode: "strict", fakes: true });
await runFor(settled.world, 60_000);

/** Longest interval between the reports of a member. */
const LONGEST_MS = 256_000;

let world: World;
let steward: Member, reader: Member, hostile: Member;
let honest: readonly Member[];

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  const [first, second, third, fourth, fifth] = rolesOf(world);
  [steward, reader, hostile] = [first, second, fifth];
  honest = [first, second, third, fourth];
});

const hashOf = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);

/** Two members get different choices of the hostile member. */
async function equivocate(epoch = currentEpochOf(hostile), bytes = [1, 2]): Promise<void> {
  for (const [at, byte] of bytes.entries()) {
    const message = { kind: "choice", commitHash: hashOf(byte) } as const;
    const member = honest[at + 1];
    if (member !== undefined)
      await receive(world, member, await repairPacket(world, hostile, message, epoch));
  }
}

const equivocationsAt = (member: Member) =>
  eventsOf(member, "equivocated").map(({ member: by, epoch }) => ({ by, epoch }));

function stateAt(member: Member): bigint | undefined {
  const { members } = snapshotOf(member.state, environmentOf(world, member));
  return members.find(({ id }) => id === hostile.id)?.equivocatedIn;
}

/** Lets the others know, and ends the epoch. */
async function convict(): Promise<void> {
  await equivocate();
  await runFor(world, 60_000);
  const before = epochOf(steward);
  await command(world, steward, { kind: "renewKeys" });
  await runUntil(world, () => honest.every((member) => epochOf(member) > before));
  await runFor(world, 60_000);
}

describe("Two choices of one member in an epoch", () => {
  test("are known to all within two intervals of reports, once, and tell it from the others", async () => {
    const epoch = epochOf(hostile);
    await equivocate();
    await runFor(world, 2 * LONGEST_MS);
    for (const member of honest) {
      expect(equivocationsAt(member)).toEqual([{ by: hostile.id, epoch }]);
      expect(stateAt(member)).toBe(epoch);
      expect(overfull(member)).toEqual([]);
    }
    expect(snapshotOf(reader.state, environmentOf(world, reader)).members[0]?.equivocatedIn).toBeUndefined();
  });

  test("cost reports and requests once", async () => {
    await equivocate();
    await runFor(world, 60_000);
    const heard = overhear(world);
    await runFor(world, 600_000);
    expect(heard.length).toBeLessThanOrEqual(2 * world.members.length);
  });

  test("are kept while the log is full, also of an epoch that is over", async () => {
    await convict();
    const choices = reader.state.repair.log.filter(
      ({ slot, epoch }) => slot.kind === "choice" && epoch === equivocationsAt(reader)[0]?.epoch,
    );
    const short = Array.from({ length: LIMITS.loggedPackets - choices.length }, (_, i) => ({
      ...{ epoch: BigInt(i), atMs: 0, payload: new Uint8Array(1) },
      slot: { kind: "message", position: 0, generation: 0 } as const,
    }));
    alter(reader, "repair", { log: [...choices, ...short] });
    expect(choices.length).toBeGreaterThan(0);
    world.arrives = () => false;
    for (let i = 0; i < 20; i++) await send(world, reader, "chat", i);
    await runFor(world, 0);
    expect(reader.state.repair.log.filter((entry) => choices.includes(entry))).toEqual(choices);
    expect(overfull(reader)).toEqual([]);
  });

  test("cost the member the highest penalty once, without a vote by hand", async () => {
    const before = honest.map((member) => scoreOf(member, hostile));
    await convict();
    for (const member of honest) {
      const changes = eventsOf(member, "scoreChanged").filter(({ member: of }) => of === hostile.id);
      expect(changes.map(({ cause }) => cause)).toEqual(["broken-commit"]);
      expect(member.state.scores.convicted.size).toBe(1);
    }
    const after = honest.map((member) => scoreOf(member, hostile));
    expect(after).toEqual(before.map((score) => (score ?? 0n) - 50n));
    expect(disagreements(honest)).toEqual([]);
    // Nor does it pay again for what a member accuses it of after that.
    await propose(world, reader, accusation(reader, hostile, { epoch: epochOf(reader) - 1n }));
    await runFor(world, 60_000);
    expect(honest.map((member) => scoreOf(member, hostile))).toEqual(after);
  });

  test("let a ban pass without a vote by hand where members vote no by default", async () => {
    voteNoByDefault();
    await equivocate();
    await runFor(world, 60_000);
    await ban(world, reader, hostile);
    await runFor(world, 120_000);
    for (const member of honest) expect(member.state.group?.members).not.toContain(hostile.id);
  });
});

function voteNoByDefault(): void {
  for (const member of world.members)
    member.state = { ...member.state, config: { ...member.state.config, livenessCriteriaYes: false } };
}

describe("No equivocation is seen", () => {
  const expectNone = (): void => {
    for (const member of honest) expect(equivocationsAt(member)).toEqual([]);
  };

  test("in a choice that another member has signed", async () => {
    const message = (byte: number) => ({ kind: "choice", commitHash: hashOf(byte) }) as const;
    await receive(world, reader, await repairPacket(world, hostile, message(1)));
    const forged = await repairPacket(world, { ...steward, id: hostile.id }, message(2));
    expect(await receive(world, reader, forged)).toMatchObject({ reason: "not-decryptable" });
    expectNone();
  });

  test("in one choice that comes twice, in two packets", async () => {
    const [one] = honest.slice(1);
    for (let i = 0; i < 2; i++) {
      const message = { kind: "choice", commitHash: hashOf(1) } as const;
      await receive(world, one as Member, await repairPacket(world, hostile, message));
    }
    await runFor(world, LONGEST_MS);
    expectNone();
  });

  test("in the choices of two epochs, in whatever epoch they arrive", async () => {
    const epoch = currentEpochOf(hostile);
    const first = await repairPacket(world, hostile, { kind: "choice", commitHash: hashOf(1) }, epoch);
    await command(world, steward, { kind: "renewKeys" });
    await runUntil(world, () => world.members.every((member) => epochOf(member) > epoch.epoch));
    const chosen = reader.state.repair.log.filter(({ slot }) => slot.kind === "choice");
    await runFor(world, 10_000);
    expect(chosen.length).toBeGreaterThan(0);
    for (const { payload } of chosen) await receive(world, steward, { ...first, payload });
    expectNone();
  });

  test("in a member that is banned without one: it stays where members vote no by default", async () => {
    voteNoByDefault();
    await ban(world, reader, hostile);
    await runFor(world, 120_000);
    expect(steward.state.group?.members).toContain(hostile.id);
  });
});

test("Beyond the bound, the oldest equivocation of the member with the most is forgotten", () => {
  let equivocations = [{ member: steward.id, epoch: 0n }] as Parameters<
    typeof withEquivocation
  >[0]["equivocations"];
  for (let epoch = 0n; epoch < 2 * LIMITS.equivocations; epoch++)
    equivocations = withEquivocation({ equivocations }, { member: hostile.id, epoch }) ?? [];
  expect(equivocations).toHaveLength(LIMITS.equivocations);
  expect(equivocations[0]).toEqual({ member: steward.id, epoch: 0n });
  expect(equivocations.at(-1)?.epoch).toBe(2n * BigInt(LIMITS.equivocations) - 1n);
});
