import { utf8ToBytes } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import { type Effect, type Input, LIMITS, step } from "../../src/step/index.js";
import { removeRequest } from "../../src/model/request.js";
import {
  advance,
  alter,
  ban,
  command,
  deepFreeze,
  encodeState,
  enter,
  environmentOf,
  epochStewardOf,
  eventsOf,
  fork,
  gather,
  type Member,
  ownProposalsOf,
  propose,
  send,
  settle,
  sign,
  take,
  until,
  type World,
} from "../harness/index.js";

const settled = await gather(["alice", "bob", "carol"]);

async function trio(seed?: string): Promise<{ world: World; alice: Member; bob: Member; carol: Member }> {
  const { world, members } = await fork(settled.world, seed);
  const [alice, bob, carol] = members as [Member, Member, Member];
  return { world, alice, bob, carol };
}

/** State and effects of a step, as text. */
async function outcomeOf(world: World, member: Member, input: Input): Promise<string> {
  const result = await step(member.state, input, environmentOf(world, member));
  const { mls } = member;
  const effects: readonly Effect[] = result.effects;
  const { wakeAtMs } = result;
  return encodeState({ ...result.state, effects, wakeAtMs } as never, mls);
}

describe("a step", () => {
  const INPUTS: [string, (bob: Member) => Input][] = [
    ["a tick", () => ({ kind: "tick" })],
    [
      "a message",
      () => ({ kind: "command", command: { kind: "send", ticket: 1, content: utf8ToBytes("hi") } }),
    ],
    [
      "a proposal",
      (bob) => ({
        kind: "command",
        command: { kind: "propose", request: removeRequest(bob.id), creatorVote: "deferred" },
      }),
    ],
    ["a leave", () => ({ kind: "command", command: { kind: "leave" } })],
  ];

  test.each(INPUTS)(
    "has the same result for the same state, input and environment: %s",
    async (_what, inputOf) => {
      // Two members with the same seed draw the same random values.
      const [one, two] = [await trio("twins"), await trio("twins")];
      const first = await outcomeOf(one.world, one.alice, inputOf(one.bob));
      expect(await outcomeOf(two.world, two.alice, inputOf(two.bob))).toBe(first);
    },
  );

  test("has the same result for the same packet and state, each time", async () => {
    const { world, alice, bob } = await trio();
    await send(world, bob, "hello");
    await propose(world, bob, removeRequest(alice.id), "deferred");
    for (const { packet } of world.inFlight.filter(({ to }) => to === alice)) {
      const input = { kind: "packet", packet } as const;
      const first = await outcomeOf(world, alice, input);
      expect(await outcomeOf(world, alice, input)).toBe(first);
    }
  });

  test("does not modify its state, through a whole commit", async () => {
    const { world, alice, carol } = await trio();
    const kept: { state: Member["state"]; text: string }[] = [];
    await ban(world, alice, carol);
    for (let i = 0; i < 12; i++) {
      kept.push({ state: deepFreeze(alice.state), text: encodeState(alice.state, alice.mls) });
      await advance(world, 6_000);
    }
    expect(alice.state.group?.epoch).toBe(2n);
    for (const { state, text } of kept) expect(encodeState(state, alice.mls)).toBe(text);
  });

  test("that throws changes nothing", async () => {
    const { world, alice, bob } = await trio();
    const stranger = await enter(world, "stranger");
    world.members.pop();
    const before = alice.state;
    const text = encodeState(before, alice.mls);
    const commands: [Parameters<typeof command>[2], string][] = [
      [{ kind: "propose", request: removeRequest(stranger.id), creatorVote: "yes" }, "not-a-member"],
      [{ kind: "vote", proposalId: 5, vote: true }, "unknown-proposal"],
      [{ kind: "send", ticket: 1, content: new Uint8Array(LIMITS.messageBytes + 1) }, "message-too-large"],
      [{ kind: "announceKeyPackage", keyPackage: new Uint8Array() }, "already-joined"],
    ];
    for (const [given, code] of commands) {
      await expect(command(world, alice, given)).rejects.toMatchObject({ code });
      expect(alice.state).toBe(before);
      expect(encodeState(alice.state, alice.mls)).toBe(text);
    }
    expect(world.inFlight).toEqual([]);
    expect(bob.events).toEqual([]);
  });
});

describe("a signature", () => {
  test("is requested before the proposal is published, and does not block other steps", async () => {
    const { world, alice, bob, carol } = await trio();
    alice.signsAtOnce = false;
    const id = await ban(world, alice, carol);
    await send(world, alice, "meanwhile");
    await settle(world);
    expect(eventsOf(bob, "message")).toHaveLength(1);
    expect(eventsOf(bob, "voteRequested")).toEqual([]);
    expect(eventsOf(alice, "voteCast")).toEqual([]);
    for (const request of alice.unsigned) await sign(world, alice, request);
    await settle(world);
    expect(eventsOf(bob, "voteRequested")).toMatchObject([{ proposalId: id }]);
  });

  test("that is declined abandons the proposal", async () => {
    const { world, alice, carol } = await trio();
    alice.signsAtOnce = false;
    const id = await ban(world, alice, carol);
    const [request] = alice.unsigned;
    await take(world, alice, { kind: "signingFailed", requestId: request?.requestId ?? 0 });
    expect(eventsOf(alice, "proposalDecided")).toMatchObject([{ proposalId: id, result: "failed" }]);
    expect(ownProposalsOf(alice).size).toBe(0);
    await ban(world, alice, carol);
  });

  test("that arrives in a later epoch abandons the proposal", async () => {
    const { world, alice, bob, carol } = await trio();
    const busy = [alice, bob].find((member) => member !== epochStewardOf(world, alice)) as Member;
    await ban(world, busy === alice ? bob : alice, carol);
    await settle(world);
    await until(world, () => busy.state.changes.approved.length === 1);
    busy.signsAtOnce = false;
    const other = busy === alice ? bob : alice;
    const id = await ban(world, busy, other);
    await until(world, () => busy.state.group?.epoch === 2n);
    for (const request of busy.unsigned) await sign(world, busy, request);
    expect(eventsOf(busy, "proposalDecided").at(-1)).toMatchObject({ proposalId: id, result: "failed" });
  });

  test("that arrives twice counts once", async () => {
    const { world, alice, carol } = await trio();
    alice.signsAtOnce = false;
    await ban(world, alice, carol);
    const [request] = alice.unsigned;
    if (request === undefined) throw new Error("No signature was asked for.");
    await sign(world, alice, request);
    const before = encodeState(alice.state, alice.mls);
    await sign(world, alice, request);
    expect(encodeState(alice.state, alice.mls)).toBe(before);
  });
});

describe("the outbox", () => {
  test("retries a rejected packet with increasing delays, and finally drops it", async () => {
    const { world, alice } = await trio();
    alice.online = false;
    await send(world, alice, "hello?");
    const sequence = alice.state.outbox.entries[0]?.sequence ?? 0;
    const waits: number[] = [];
    for (let attempt = 1; attempt < LIMITS.publishAttempts; attempt++) {
      await take(world, alice, { kind: "publishFailed", sequence });
      waits.push((alice.wakeAtMs ?? 0) - world.nowMs);
      world.nowMs = alice.wakeAtMs ?? 0;
    }
    expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000]);
    const { effects } = await take(world, alice, { kind: "publishFailed", sequence });
    expect(effects).toContainEqual({ kind: "leftOutbox", sequence, published: false });
    expect(alice.state.outbox.entries).toEqual([]);
    expect(eventsOf(alice, "error")).toMatchObject([{ operation: "publish" }]);
  });

  test("rejects chat when it is full, and drops its oldest packet for other messages", async () => {
    const { world, alice, carol } = await trio();
    alice.online = false;
    const content = utf8ToBytes("x");
    await send(world, alice, content, 1);
    const [entry] = alice.state.outbox.entries;
    if (entry === undefined) throw new Error("Nothing stands in the outbox.");
    const outbox = Array.from({ length: LIMITS.outbox }, (_, i) => ({ ...entry, sequence: i + 1 }));
    alter(alice, "outbox", { entries: outbox, nextSequence: LIMITS.outbox + 1 });
    const chat = send(world, alice, content, 2);
    await expect(chat).rejects.toMatchObject({ code: "too-many-messages" });
    await propose(world, alice, removeRequest(carol.id), "deferred");
    expect(alice.state.outbox.entries).toHaveLength(LIMITS.outbox);
    expect(alice.state.outbox.entries[0]?.sequence).toBe(2);
    expect(eventsOf(alice, "error")).toMatchObject([{ operation: "publish" }]);
  });
});
