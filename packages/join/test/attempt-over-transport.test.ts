import { memberIdFromBytes } from "@demls/wire/core";
import { x25519 } from "@noble/curves/ed25519.js";
import { expect, test } from "vitest";
import {
  JOIN_LIMITS,
  readProbe,
  READINESS_BYTES,
  sealReadiness,
  startAttempt,
  type Attempt,
  type AttemptOptions,
  type AttemptOutcome,
  type AttemptPorts,
  type JoinProbe,
  type JoinProgress,
  type JoinStarted,
  type Standing,
} from "../src/index.js";
import { alice, counting, GROUP_ID, issued, NOW, verifier } from "./fixtures.js";
import { ALICE_LEAF, open, readinessOf, sealing, verify } from "./readiness-fixtures.js";
import { createWorkClock, type WorkClock } from "./work.js";

const ALICE = memberIdFromBytes(alice.identity);

interface Joining {
  readonly clock: WorkClock;
  readonly attempt: Attempt;
  readonly progress: readonly JoinProgress[];
  readonly started: readonly JoinStarted[];
  readonly ends: readonly AttemptOutcome[];
  readonly probes: readonly JoinProbe[];
  readonly secrets: readonly Uint8Array[];
  readonly opened: () => number;
  enterAs(standing: Standing): void;
}

/** An attempt of which each packet is caught. */
async function join(options: AttemptOptions = {}, ports: Partial<AttemptPorts> = {}): Promise<Joining> {
  const clock = createWorkClock(NOW);
  const random = counting();
  const progress: JoinProgress[] = [];
  const started: JoinStarted[] = [];
  const ends: AttemptOutcome[] = [];
  const probes: JoinProbe[] = [];
  const secrets: Uint8Array[] = [];
  let standing: Standing = { kind: "outside", hasAnnounced: false, holdsWelcome: false };
  let opened = 0;
  const attempt = startAttempt((await issued()).line, options, {
    ...{ clock, random, verifier: { verify: clock.waitingFor(verifier.verify) } },
    verify: clock.waitingFor(verify),
    open: clock.waitingFor(async (...sealed) => {
      opened += 1;
      return open(...sealed);
    }),
    replyKeys: async () => {
      const privateKey = random.bytes(32).fill(9, 31);
      return { privateKey, publicKey: x25519.getPublicKey(privateKey) };
    },
    keyPackageReference: async () => undefined,
    async publish(payload) {
      const read = readProbe(payload);
      if (read.ok) probes.push(read.probe);
    },
    standing: () => standing,
    enter: async ({ secret }) => void secrets.push(secret),
    async announce() {
      standing = { kind: "outside", hasAnnounced: true, holdsWelcome: false };
    },
    assure: () => undefined,
    onProgress: (each) => progress.push(each),
    onStarted: (each) => started.push(each),
    onEnd: (each) => ends.push(each),
    ...ports,
  });
  await clock.advance(0);
  const enterAs = (next: Standing): void => {
    standing = next;
    attempt.look();
  };
  return { clock, attempt, progress, started, ends, probes, secrets, enterAs, opened: () => opened };
}

/** Alice's answer to a probe. */
async function answerOf(probe: JoinProbe, sentAt = NOW): Promise<Uint8Array> {
  return sealReadiness(probe, await readinessOf(alice, ALICE_LEAF, { sentAt }), sealing());
}

test("A joiner asks, hears its inviter, announces itself, and is ready once it is a member", async () => {
  const { clock, attempt, progress, started, ends, probes, secrets, enterAs } = await join();
  expect(probes).toHaveLength(1);
  attempt.receive(await answerOf(probes[0]!));
  await clock.advance(0);
  expect(started).toMatchObject([{ conversationId: GROUP_ID, syncPartner: ALICE }]);
  expect(progress.map(({ stage }) => stage)).toEqual(["identifying", "asking", "announcing", "voting"]);
  expect(secrets[0]?.some((byte) => byte !== 0)).toBe(true);
  enterAs({
    kind: "member",
    group: {
      ...{ self: memberIdFromBytes(new Uint8Array(20)), groupId: GROUP_ID, head: "09".repeat(32) },
      ...{ applied: { epoch: 7n, messages: 0 }, members: [ALICE], heard: [], missing: 0, isCaughtUp: true },
      ...{ assurance: "inviter", assuredBy: ALICE },
    },
  });
  expect(ends).toMatchObject([{ kind: "ready", report: { ackedBy: [ALICE], trust: "inviter" } }]);
  // Nobody redeems the invitation by what is left in memory.
  expect(secrets[0]?.every((byte) => byte === 0)).toBe(true);
  await clock.advance(600_000);
  expect([ends.length, probes.length]).toEqual([1, 1]);
});

test("Hostile answers cost a joiner eight openings a probe, and change nothing", async () => {
  const { clock, attempt, started, ends, probes, opened } = await join({ deadlineMs: 60_000 });
  const answer = await answerOf(probes[0]!);
  for (let count = 0; count < 100; count += 1) attempt.receive(answer.with(600, count).with(601, 3));
  attempt.receive(new Uint8Array(READINESS_BYTES));
  attempt.receive(new Uint8Array(5));
  await clock.advance(0);
  expect([opened(), started.length]).toEqual([JOIN_LIMITS.openedAnswers, 0]);
  await clock.advance(1_500);
  attempt.receive(await answerOf(probes[1]!));
  await clock.advance(0);
  expect(started).toHaveLength(1);
  await clock.advance(60_000);
  expect(ends).toMatchObject([{ kind: "failed", error: { code: "out-of-time" } }]);
});

test("An answer to a probe that is long gone is not opened", async () => {
  const { clock, attempt, started, probes, opened } = await join();
  await clock.advance(30_000);
  expect(probes.length).toBeGreaterThan(JOIN_LIMITS.pendingProbes);
  attempt.receive(await answerOf(probes[0]!));
  await clock.advance(0);
  expect([opened(), started.length]).toEqual([0, 0]);
});

test.each([
  ["transport", { enter: () => Promise.reject(new Error("no route")) }],
  ["local", { announce: () => Promise.reject(new Error("the disk is full")) }],
] satisfies readonly [string, Partial<AttemptPorts>][])(
  "A part that fails ends the attempt: %s",
  async (code, ports) => {
    const { clock, ends } = await join({}, ports);
    await clock.advance(10_000);
    expect(ends).toMatchObject([
      { kind: "failed", error: { code, cause: expect.any(Error) }, withdraws: false },
    ]);
  },
);

test("A line that is none ends the attempt, and so do its caller and its deadline", async () => {
  const { attempt, ends, secrets } = await join();
  const reason = new Error("changed my mind");
  attempt.abort(reason);
  attempt.fail(new Error("too late"));
  expect(ends).toEqual([{ kind: "failed", error: reason, withdraws: true }]);
  expect(secrets[0]?.every((byte) => byte === 0)).toBe(true);
  await expect(join({ deadlineMs: 0 })).rejects.toMatchObject({
    code: "invalid-config",
    field: "deadlineMs",
  });
});

test("A publication that fails is as a packet that was lost", async () => {
  const { clock, ends } = await join({ deadlineMs: 20_000 }, { publish: () => Promise.reject(new Error()) });
  await clock.advance(20_000);
  expect(ends).toMatchObject([{ error: { code: "no-ready-peers", waitedMs: 20_000 } }]);
});
