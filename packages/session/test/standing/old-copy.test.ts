import { createGenerationLedger, type GenerationLedger } from "@demls/testkit";
import { bytesToHex } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import {
  approveBan,
  ban,
  broadcast,
  epochOf,
  eventsOf,
  fork,
  gather,
  rolesOf,
  runFor,
  runUntil,
  send,
  take,
  textsOf,
  vanish,
  vote,
  type Member,
  type World,
} from "../harness/index.js";
import {
  answersIn,
  overhear,
  positionOf,
  repairPacket,
  reportOf,
  requestsIn,
  type Overheard,
} from "../lost-packets/material.js";

const settled = await gather(["alice", "bob", "carol", "dave", "erin"], { mode: "strict", fakes: true });
await runFor(settled.world, 60_000);

const PATIENCE_MS = 15_000;
const AWAY_MS = 300_000;

let world: World;
let steward: Member, backup: Member, reader: Member, target: Member;
let overheard: Overheard[];
let ledger: GenerationLedger;

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  [steward, backup, reader, target] = rolesOf(world);
  overheard = overhear(world);
  ledger = createGenerationLedger();
  const { reads } = world;
  world.reads = (packet) => {
    reads(packet);
    ledger.note(packet.payload);
  };
});

/** A member's state now, to come back to. */
const copyOf = ({ state }: Member) => state;

/** Starts a member with an old copy of its state. */
async function restore(member: Member, copy: Member["state"]): Promise<void> {
  member.state = copy;
  member.events.length = 0;
  await take(world, member, { kind: "resumed" });
}

/** Nobody hears anybody. */
function silence(): void {
  world.arrives = () => false;
}

function hearEachOther(): void {
  world.arrives = () => true;
}

/** Packets of chat, votes and candidates that a member publishes from now on. */
function publishedBy(member: Member): () => number {
  const { reads } = world;
  let published = 0;
  world.reads = (packet) => {
    reads(packet);
    if (packet.appId === member.appId && packet.subtopic === "app_msg") published += 1;
  };
  return () => published;
}

const choicesOf = (member: Member): ReadonlySet<string> =>
  new Set(
    overheard.flatMap(({ from, message }) =>
      from === member.name && message.kind === "choice" ? [bytesToHex(message.commitHash)] : [],
    ),
  );

const nextGeneration = ({ mls, state }: Member): number => mls.generations(state.group).application;

describe("A member with an old copy of its state", () => {
  test("reads its own messages of the lost time, and writes on above them", async () => {
    const copy = copyOf(reader);
    for (const text of ["one", "two", "three"]) await send(world, reader, text);
    await runFor(world, 5_000);
    const height = nextGeneration(reader);
    await restore(reader, copy);
    await runFor(world, 2_500);
    expect(textsOf(reader)).toEqual(["one", "two", "three"]);
    expect(eventsOf(reader, "message").every(({ sender }) => sender === reader.id)).toBe(true);
    await send(world, reader, "four");
    await runFor(world, 1_000);
    expect(textsOf(steward)).toEqual(["one", "two", "three", "four"]);
    expect(nextGeneration(reader)).toBe(height + 1);
    expect(ledger.reused).toEqual([]);
  });

  test("seals nothing until a member has named its height: chat waits, and so does a vote by hand", async () => {
    const id = await ban(world, steward, target);
    await runFor(world, 1_000);
    const copy = copyOf(reader);
    await send(world, reader, "lost");
    await runFor(world, 1_000);
    silence();
    await restore(reader, copy);
    const published = publishedBy(reader);
    await send(world, reader, "waits");
    await vote(world, reader, id, true);
    await runFor(world, 4_000);
    expect(published()).toBe(0);
    hearEachOther();
    await runFor(world, 2_500);
    expect(published()).toBe(2);
    expect(textsOf(steward)).toEqual(["lost", "waits"]);
    expect(eventsOf(steward, "voteCast").filter(({ voter }) => voter === reader.id)).toHaveLength(1);
    expect(ledger.reused).toEqual([]);
  });

  test("learns the vote that it has cast, and casts no other", async () => {
    const id = await ban(world, steward, target);
    await runFor(world, 1_000);
    const copy = copyOf(reader);
    await vote(world, reader, id, true);
    await runFor(world, 3_000);
    await restore(reader, copy);
    await runFor(world, 2_500);
    const own = eventsOf(reader, "voteCast").filter(({ voter }) => voter === reader.id);
    expect(own.map((event) => event.vote)).toEqual([true]);
    const published = publishedBy(reader);
    await runFor(world, 15_000);
    expect(published()).toBe(0);
    expect(ledger.reused).toEqual([]);
  });

  test("goes on above its own messages after a commit that it has lost", async () => {
    const copy = copyOf(reader);
    await send(world, reader, "before");
    await approveBan(world, steward, target);
    await runUntil(world, () => epochOf(reader) > copy.group.epoch);
    await runFor(world, 10_000);
    for (const text of ["after", "more"]) await send(world, reader, text);
    await runFor(world, 5_000);
    await restore(reader, copy);
    await runFor(world, 10_000);
    expect(epochOf(reader)).toBe(epochOf(steward));
    expect(textsOf(reader)).toEqual(["before", "after", "more"]);
    await send(world, reader, "last");
    await runFor(world, 2_000);
    expect(textsOf(steward)).toEqual(["before", "after", "more", "last"]);
    expect(ledger.reused).toEqual([]);
  });

  test("replaces its leaf if the lost commit was its own", async () => {
    const copy = copyOf(steward);
    await approveBan(world, steward, target);
    await runUntil(world, () => epochOf(steward) > copy.group.epoch);
    await send(world, steward, "after");
    await runFor(world, 5_000);
    expect(eventsOf(steward, "commitApplied").at(-1)?.committer).toBe(steward.id);
    await restore(steward, copy);
    await runUntil(world, () => eventsOf(steward, "rejoined").length > 0);
    await runFor(world, 30_000);
    await send(world, steward, "back");
    await runFor(world, 2_000);
    expect(textsOf(reader)).toEqual(["after", "back"]);
    expect(ledger.reused).toEqual([]);
  });

  test("does not write while no member answers, and skips generations before it votes", async () => {
    const id = await ban(world, steward, target);
    await runFor(world, 1_000);
    const copy = copyOf(reader);
    for (let i = 0; i < 40; i++) await send(world, reader, `lost ${i}`);
    await runFor(world, 2_000);
    silence();
    await restore(reader, copy);
    await send(world, reader, "waits");
    await vote(world, reader, id, true);
    await runFor(world, PATIENCE_MS - 1);
    expect(nextGeneration(reader)).toBe(nextGeneration({ ...reader, state: copy }));
    await runFor(world, 1);
    const skipped = nextGeneration(reader) - nextGeneration({ ...reader, state: copy });
    expect(skipped).toBe(193);
    await runFor(world, 1_000_000);
    expect(nextGeneration(reader) - nextGeneration({ ...reader, state: copy })).toBeLessThan(200);
    expect(reader.state.chat.queued).toHaveLength(1);
    hearEachOther();
    await runFor(world, 600_000);
    expect(textsOf(steward).slice(40)).toEqual(["waits"]);
    expect(textsOf(reader)).toHaveLength(40);
    expect(ledger.reused).toEqual([]);
  });

  test("makes no void of its packets of the lost time", async () => {
    const copy = copyOf(reader);
    vanish(world, [target]);
    await send(world, reader, "lost");
    await runFor(world, 1_000);
    silence();
    await restore(reader, copy);
    await send(world, reader, "kept");
    await runFor(world, 20_000);
    hearEachOther();
    await runFor(world, 600_000);
    expect(textsOf(target).toSorted()).toEqual(["kept", "lost"]);
    expect(world.members.flatMap((member) => eventsOf(member, "missed"))).toEqual([]);
    expect(ledger.reused).toEqual([]);
  });
});

describe("A choice that an old copy does not show", () => {
  /** The reader has chosen the commit of the steward; its old copy knows only that of the backup. */
  async function chosen(): Promise<Member["state"]> {
    await approveBan(world, steward, target);
    const isChoice = (letter: { readonly packet: { readonly subtopic: string } }) =>
      letter.packet.subtopic === "repair";
    const late: Parameters<World["arrives"]>[0][] = [];
    const { state } = reader;
    reader.state = { ...state, config: { ...state.config, standInMs: 4 * state.config.standInMs } };
    world.arrives = (letter) => {
      // Without the steward's commit, the backup stands in.
      if (letter.to === backup) return letter.from !== steward;
      if (letter.to !== reader) return true;
      if (letter.from === steward) late.push(letter);
      return letter.from !== steward && !isChoice(letter);
    };
    await runUntil(world, () => reader.state.commit.candidates.size > 0);
    const copy = copyOf(reader);
    expect([...copy.commit.candidates.values()].map((held) => held.steward)).toEqual([backup.id]);
    world.arrives = (letter) => letter.to !== reader;
    for (const { packet } of late) await take(world, reader, { kind: "packet", packet });
    await runUntil(world, () => choicesOf(reader).size > 0);
    return copy;
  }

  test("is learnt from the others, and stays the only one", async () => {
    await restore(reader, await chosen());
    await runFor(world, 10_000);
    hearEachOther();
    await runFor(world, 60_000);
    expect(choicesOf(reader).size).toBe(1);
    expect(epochOf(reader)).toBe(epochOf(steward));
  });

  test("keeps it from choosing for five minutes where no member answers", async () => {
    const copy = await chosen();
    silence();
    await restore(reader, copy);
    await runFor(world, AWAY_MS - 40_000);
    hearEachOther();
    await runFor(world, 60_000);
    expect(choicesOf(reader).size).toBe(1);
    expect(epochOf(reader)).toBe(epochOf(steward));
  });

  test("does not keep it from choosing for longer: it may be the only one left", async () => {
    const copy = await chosen();
    silence();
    await restore(reader, copy);
    await runFor(world, AWAY_MS - 1);
    expect(choicesOf(reader).size).toBe(1);
    await runFor(world, reader.state.config.freezeMs + 1);
    expect(choicesOf(reader).size).toBe(2);
  });
});

describe("A member that lies about the height of another", () => {
  test("by an empty answer does not make it reuse a generation: the others answer too", async () => {
    const copy = copyOf(reader);
    await send(world, reader, "lost");
    await runFor(world, 1_000);
    world.delaysMs = (from, to) => [from === target || to === target ? 0 : 400];
    await restore(reader, copy);
    await send(world, reader, "waits");
    const nonce = requestsIn(overheard).at(-1)?.message.nonce ?? new Uint8Array(0);
    const { epoch } = reader.state.group;
    const empty = { kind: "served", nonce, packets: [], more: false, epoch, choices: [], voids: [] } as const;
    broadcast(world, target, await repairPacket(world, target, empty));
    await runFor(world, 2_500);
    expect(textsOf(reader)).toEqual(["lost"]);
    expect(textsOf(steward)).toEqual(["lost", "waits"]);
    expect(ledger.reused).toEqual([]);
  });

  test("by naming too great a one changes no generation, and delays it until another member is there", async () => {
    world.arrives = ({ from, to }) => from === target || to === target;
    const next = reportOf(world, target).next.with(positionOf(target, reader), 900);
    const copy = copyOf(reader);
    const before = nextGeneration(reader);
    await restore(reader, copy);
    broadcast(world, target, await repairPacket(world, target, reportOf(world, target, { next })));
    await send(world, reader, "waits");
    await runFor(world, PATIENCE_MS);
    expect(answersIn(overheard).length).toBeGreaterThan(0);
    hearEachOther();
    await runFor(world, PATIENCE_MS);
    expect(nextGeneration(reader)).toBe(before + 1);
  });
});
