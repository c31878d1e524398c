import { utf8ToBytes } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import { LIMITS, step, type Effect, type Input } from "../../src/step/index.js";
import { removeRequest } from "../../src/model/request.js";
import {
  advance,
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
  propose,
  send,
  settle,
  sign,
  take,
  until,
  type Member,
  type World,
} from "../harness/index.js";

const settled = await gather(["alice", "bob", "carol"]);

async function trio(seed?: string): Promise<{ world: World; alice: Member; bob: Member; carol: Member }> {
  const { world, members } = await fork(settled.world, seed);
  const [alice, bob, carol] = members as [Member, Member, Member];
  return { world, alice, bob, carol };
}

/** What a step came to, as text: state and effects. */
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
    "gives the same for the same state, input and environment: %s",
    async (_what, inputOf) => {
      // Two members of one making: what they draw is the same.
      const [one, two] = [await trio("twins"), await trio("twins")];
      const first = await outcomeOf(one.world, one.alice, inputOf(one.bob));
      expect(await outcomeOf(two.world, two.alice, inputOf(two.bob))).toBe(first);
    },
  );

  test("gives the same for the same packet, however often it is taken from one state", async () => {
    const { world, alice, bob } = await trio();
    await send(world, bob, "hello");
    await propose(world, bob, removeRequest(alice.id), "deferred");
    for (const { packet } of world.inFlight.filter(({ to }) => to === alice)) {
      const input = { kind: "packet", packet } as const;
      const first = await outcomeOf(world, alice, input);
      expect(await outcomeOf(world, alice, input)).toBe(first);
    }
  });

  test("leaves the state it was given as it was, through a whole commit", async () => {
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

  test("that throws leaves no trace", async () => {
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
  test("is waited for: nothing of the proposal is out before it, and other steps go on", async () => {
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

  test("that is declined gives the proposal up", async () => {
    const { world, alice, carol } = await trio();
    alice.signsAtOnce = false;
    const id = await ban(world, alice, carol);
    const [request] = alice.unsigned;
    await take(world, alice, { kind: "signingFailed", requestId: request?.requestId ?? 0 });
    expect(eventsOf(alice, "proposalDecided")).toMatchObject([{ proposalId: id, result: "failed" }]);
    expect(alice.state.ownProposals.size).toBe(0);
    await ban(world, alice, carol);
  });

  test("that comes when the group has moved on gives the proposal up", async () => {
    const { world, alice, bob, carol } = await trio();
    const busy = [alice, bob].find((member) => member !== epochStewardOf(world, alice)) as Member;
    await ban(world, busy === alice ? bob : alice, carol);
    await settle(world);
    await until(world, () => busy.state.approved.length === 1);
    busy.signsAtOnce = false;
    const other = busy === alice ? bob : alice;
    const id = await ban(world, busy, other);
    await until(world, () => busy.state.group?.epoch === 2n);
    for (const request of busy.unsigned) await sign(world, busy, request);
    expect(eventsOf(busy, "proposalDecided").at(-1)).toMatchObject({ proposalId: id, result: "failed" });
  });

  test("that comes twice counts once", async () => {
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
  test("keeps a packet that the network refuses, tries later each time, and gives it up at last", async () => {
    const { world, alice } = await trio();
    alice.online = false;
    await send(world, alice, "hello?");
    const sequence = alice.state.outbox[0]?.sequence ?? 0;
    const waits: number[] = [];
    for (let attempt = 1; attempt < LIMITS.publishAttempts; attempt++) {
      await take(world, alice, { kind: "publishFailed", sequence });
      waits.push((alice.wakeAtMs ?? 0) - world.nowMs);
      world.nowMs = alice.wakeAtMs ?? 0;
    }
    expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000]);
    const { effects } = await take(world, alice, { kind: "publishFailed", sequence });
    expect(effects).toContainEqual({ kind: "leftOutbox", sequence, published: false });
    expect(alice.state.outbox).toEqual([]);
    expect(eventsOf(alice, "error")).toMatchObject([{ operation: "publish" }]);
  });

  test("refuses chat when it is full, and drops its oldest for what the group waits for", async () => {
    const { world, alice, carol } = await trio();
    alice.online = false;
    const content = utf8ToBytes("x");
    await send(world, alice, content, 1);
    const [entry] = alice.state.outbox;
    if (entry === undefined) throw new Error("Nothing stands in the outbox.");
    const outbox = Array.from({ length: LIMITS.outbox }, (_, i) => ({ ...entry, sequence: i + 1 }));
    alice.state = { ...alice.state, outbox, nextSequence: LIMITS.outbox + 1 };
    const chat = send(world, alice, content, 2);
    await expect(chat).rejects.toMatchObject({ code: "too-many-messages" });
    await propose(world, alice, removeRequest(carol.id), "deferred");
    expect(alice.state.outbox).toHaveLength(LIMITS.outbox);
    expect(alice.state.outbox[0]?.sequence).toBe(2);
    expect(eventsOf(alice, "error")).toMatchObject([{ operation: "publish" }]);
  });
});
