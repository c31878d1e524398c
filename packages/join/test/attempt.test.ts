import { hexToBytes, memberIdFromBytes, type MemberId, type RandomSource } from "@demls/wire/core";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import {
  beginAttempt,
  JOIN_LIMITS,
  nextTickMs,
  stepAttempt,
  type AttemptEffect,
  type AttemptEvent,
  type AttemptMoment,
  type AttemptOutcome,
  type AttemptPlan,
  type AttemptState,
  type Invitation,
  type JoinedGroup,
  type JoinProgress,
  type Readiness,
  type RequestStatus,
  type Standing,
} from "../src/index.js";
import { GROUP_ID, issued, NOW, TERMS } from "./fixtures.js";
import { readinessOf } from "./readiness-fixtures.js";

const HEAD = "09".repeat(32);
const SELF = memberIdFromBytes(new Uint8Array(20).fill(77));
const FIRST = memberIdFromBytes(new Uint8Array(20).fill(41));
const SECOND = memberIdFromBytes(new Uint8Array(20).fill(42));
const random: RandomSource = { bytes: (length) => new Uint8Array(length).fill(128) };
const PLAN: AttemptPlan = {
  until: "ready",
  startedAtMs: 0,
  deadlineAtMs: 300_000,
  retries: true,
  addresses: undefined,
};

let invitation: Invitation;
let readiness: Readiness;

beforeAll(async () => {
  ({ invitation } = await issued());
  readiness = await readinessOf();
});

const outside = (hasAnnounced = false, holdsWelcome = false): Standing => ({
  ...{ kind: "outside", hasAnnounced, holdsWelcome },
});

const inside = (changes: Partial<JoinedGroup> = {}): Standing => ({
  kind: "member",
  group: {
    ...{ self: SELF, groupId: GROUP_ID, head: HEAD, applied: { epoch: 7n, messages: 1 } },
    ...{ members: [invitation.inviter, FIRST, SECOND, SELF], heard: [FIRST], missing: 0, isCaughtUp: true },
    ...{ assurance: "inviter", assuredBy: invitation.inviter },
    ...changes,
  },
});

/** An answer to a probe. */
function answer(
  probe: number,
  request: Partial<RequestStatus> = {},
  changes: Partial<Readiness> & { readonly trust?: "inviter" | "member" } = {},
): AttemptEvent {
  const { trust = "member", ...others } = changes;
  const status: RequestStatus = { state: "none", yes: 0, no: 0, voters: 0, millisecondsLeft: 0, ...request };
  return {
    kind: "answered",
    probe,
    trust,
    readiness: { ...readiness, member: FIRST, request: status, ...others },
  };
}

/** An attempt that lives in a clock of its own. */
class Life {
  state: AttemptState;
  nowMs = 0;
  standing: Standing = outside();
  isConnected = true;
  wallAheadMs = 0;
  readonly effects: AttemptEffect[] = [];
  readonly probedAtMs: number[] = [];

  constructor(plan: Partial<AttemptPlan> = {}) {
    this.state = beginAttempt({ ...PLAN, ...plan });
  }

  moment(): AttemptMoment {
    const { nowMs, standing, isConnected, wallAheadMs } = this;
    return { nowMs, standing, isConnected, random, wallMs: NOW * 1_000 + nowMs + wallAheadMs };
  }

  take(event: AttemptEvent): readonly AttemptEffect[] {
    const { state, effects } = stepAttempt(this.state, event, this.moment());
    this.state = state;
    this.effects.push(...effects);
    if (effects.some(({ kind }) => kind === "probe")) this.probedAtMs.push(this.nowMs);
    return effects;
  }

  /** Reads the invitation, and enters the conversation. */
  enter(terms: Partial<Invitation> = {}): this {
    this.take({ kind: "read", invitation: { ...invitation, ...terms } });
    this.take({ kind: "identified" });
    this.take({ kind: "entered" });
    return this;
  }

  /** Moves on, tick by tick. */
  advance(byMs: number): void {
    const endMs = this.nowMs + byMs;
    for (let count = 0; ; count += 1) {
      expect(count).toBeLessThan(10_000);
      const atMs = nextTickMs(this.state, this.nowMs);
      if (atMs === undefined || atMs > endMs) break;
      this.nowMs = Math.max(this.nowMs, atMs);
      this.take({ kind: "tick" });
    }
    this.nowMs = endMs;
  }

  of<K extends AttemptEffect["kind"]>(kind: K): readonly Extract<AttemptEffect, { kind: K }>[] {
    return this.effects.filter((each): each is Extract<AttemptEffect, { kind: K }> => each.kind === kind);
  }

  get stages(): readonly string[] {
    return this.of("progress").map(({ progress }) => progress.stage);
  }

  get progress(): JoinProgress | undefined {
    return this.of("progress").at(-1)?.progress;
  }

  get outcome(): AttemptOutcome | undefined {
    return this.of("end")[0]?.outcome;
  }
}

test("A join goes through its stages, and ends with a report", () => {
  const life = new Life().enter();
  expect(life.take(answer(1))).toMatchObject([
    { kind: "started" },
    { kind: "announce" },
    { kind: "progress" },
  ]);
  life.standing = outside(true);
  life.take({ kind: "tick" });
  life.nowMs = 2_000;
  life.take(answer(2, { state: "voting", yes: 1, voters: 3, millisecondsLeft: 900 }));
  expect(life.progress).toMatchObject({ partner: FIRST, leftMs: 900, tally: { yes: 1, no: 0, voters: 3 } });
  life.take(answer(3, { state: "approved" }));
  life.standing = outside(true, true);
  life.nowMs = 8_000;
  life.take(answer(4, { state: "member" }));
  life.standing = inside({ isCaughtUp: false });
  life.take({ kind: "tick" });
  life.standing = inside();
  life.take({ kind: "tick" });
  expect(life.stages).toEqual([
    ...["identifying", "subscribing", "asking", "announcing", "waiting", "voting", "approved", "confirming"],
    ...["catching-up", "ready"],
  ]);
  expect(life.outcome).toEqual({
    kind: "ready",
    report: {
      ...{ conversationId: GROUP_ID, finalHead: HEAD, appliedThrough: { epoch: 7n, messages: 1 } },
      ...{ membersLearned: 4, ackedBy: [FIRST], trust: "inviter", elapsedMs: 8_000 },
    },
  });
});

describe("A joiner that asks", () => {
  test("asks at once, then less and less often, and not after its deadline", () => {
    const life = new Life({ deadlineAtMs: 60_000 }).enter();
    life.advance(60_000);
    const times = life.probedAtMs;
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(gaps.slice(0, 4)).toEqual([1_000, 1_500, 2_250, 3_375]);
    expect(Math.max(...gaps)).toBe(10_000);
    expect(life.outcome).toBeDefined();
    expect(life.of("probe").map(({ number }) => number)).toEqual(times.map((_, index) => index + 1));
  });

  test("announces itself after ten seconds without an answer", () => {
    const life = new Life().enter();
    life.advance(9_999);
    expect(life.of("announce")).toEqual([]);
    life.advance(1);
    expect(life.of("announce")).toHaveLength(1);
  });

  test("asks nobody in a conversation without answers, and announces itself at once", () => {
    const life = new Life().enter({ mode: "de-mls-3", groupId: undefined });
    expect([life.of("probe").length, life.of("announce").length]).toEqual([0, 1]);
    life.standing = outside(true);
    life.take({ kind: "tick" });
    expect(nextTickMs(life.state, life.nowMs)).toBe(300_000);
    life.standing = inside({ heard: [], assurance: undefined, assuredBy: undefined });
    life.take({ kind: "tick" });
    expect(life.outcome).toMatchObject({ kind: "ready", report: { ackedBy: [], trust: undefined } });
  });

  test("ends after ten seconds without an answer, and announces nothing, if it is not to retry", () => {
    const [life, answered] = [new Life({ retries: false }).enter(), new Life({ retries: false }).enter()];
    life.advance(9_999);
    expect(life.outcome).toBeUndefined();
    life.advance(1);
    expect(life.outcome).toMatchObject({ error: { code: "no-ready-peers", waitedMs: 10_000 } });
    expect(life.of("announce")).toEqual([]);
    answered.take(answer(1));
    answered.advance(299_999);
    expect(answered.outcome).toBeUndefined();
  });

  test("waits for connections, for three seconds at most", () => {
    const life = new Life().enter();
    life.isConnected = false;
    life.take(answer(1));
    expect([life.stages.at(-1), life.of("announce").length]).toEqual(["connecting", 0]);
    life.advance(2_900);
    expect(life.of("announce")).toEqual([]);
    life.advance(100);
    expect(life.of("announce")).toHaveLength(1);
    const other = new Life().enter();
    other.isConnected = false;
    other.take(answer(1));
    other.isConnected = true;
    other.advance(200);
    expect(other.of("announce")).toHaveLength(1);
  });

  test("is announced already after a restart, and asks at rest", () => {
    const life = new Life();
    life.standing = outside(true);
    life.enter();
    life.advance(60_000);
    expect([life.of("announce").length, life.stages.at(-1)]).toEqual([0, "asking"]);
  });

  test("asks for its welcome when a member says that it is in, every five seconds at most", () => {
    const life = new Life().enter();
    life.take(answer(1));
    life.standing = outside(true);
    for (let second = 1; second <= 20; second += 1) {
      life.nowMs = second * 1_000;
      life.take(answer(second + 1, { state: "member" }));
    }
    expect(life.of("announce")).toHaveLength(5);
  });

  test("dials the addresses of the invitation, or those of its plan, or none", () => {
    const dialled = (plan: Partial<AttemptPlan>): unknown => new Life(plan).enter().of("dial");
    expect(dialled({})).toEqual([{ kind: "dial", addresses: TERMS.addresses }]);
    expect(dialled({ addresses: ["elsewhere"] })).toEqual([{ kind: "dial", addresses: ["elsewhere"] }]);
    expect(dialled({ addresses: [] })).toEqual([]);
  });
});

describe("The progress", () => {
  test("is that of the farthest member, and does not go to and fro", () => {
    const life = new Life().enter();
    life.take(answer(1));
    life.standing = outside(true);
    for (let probe = 2; probe < 12; probe += 1) {
      life.take(answer(probe, { state: "refused" }));
      life.take(answer(probe, { state: "awaiting-admission" }, { member: SECOND }));
    }
    expect(life.stages.slice(-2)).toEqual(["refused", "awaiting-admission"]);
    expect(life.progress?.partner).toBe(SECOND);
  });

  test("forgets a member that has not answered the last four probes", () => {
    const life = new Life().enter();
    life.standing = outside(true);
    life.take(answer(1, { state: "approved" }, { member: SECOND }));
    for (let probe = 2; probe <= 4; probe += 1) life.take(answer(probe, { state: "waiting" }));
    expect(life.progress?.stage).toBe("approved");
    life.take(answer(5, { state: "waiting" }));
    expect(life.progress?.stage).toBe("waiting");
  });

  test("tells of a clock that is five minutes off, and of no smaller difference", () => {
    const life = new Life().enter();
    life.standing = outside(true);
    life.wallAheadMs = 299_000;
    life.take(answer(1));
    expect(life.progress?.clockAheadMs).toBeUndefined();
    life.wallAheadMs = -300_000;
    life.take(answer(2));
    expect(life.progress?.clockAheadMs).toBe(-300_000);
  });

  test("does not go on to an announcement while all members say that the clock is off", () => {
    const life = new Life().enter();
    life.wallAheadMs = 300_000;
    life.take(answer(1));
    expect(life.progress).toMatchObject({ stage: "asking", clockAheadMs: 300_000 });
    life.advance(30_000);
    life.take(answer(4, {}, { member: SECOND }));
    expect(life.of("announce")).toEqual([]);
    // Its user has set the clock, or one member alone has said so.
    life.wallAheadMs = 0;
    life.take(answer(5, {}, { member: SECOND }));
    expect(life.of("announce")).toHaveLength(1);
  });

  test("is told once, unless it changes", () => {
    const life = new Life().enter();
    life.standing = outside(true);
    for (let probe = 1; probe < 9; probe += 1)
      life.take(answer(probe, { state: "voting", yes: 1, voters: 2 }));
    expect(life.stages.filter((stage) => stage === "voting")).toHaveLength(1);
    life.take(answer(9, { state: "voting", yes: 2, voters: 2 }));
    expect(life.progress?.tally?.yes).toBe(2);
  });
});

describe("A joiner that catches up", () => {
  test("tells how many of the epoch's messages it has, by its own state and the word of members in it", () => {
    const life = new Life().enter();
    life.standing = inside({ applied: { epoch: 7n, messages: 5 }, missing: 2, isCaughtUp: false });
    life.take({ kind: "tick" });
    expect(life.progress).toMatchObject({ stage: "catching-up", backfill: { applied: 3, of: 5 } });
    const here = { head: hexToBytes(HEAD)! };
    life.take(answer(1, {}, { ...here, appliedMessages: 9 }));
    expect(life.progress?.backfill).toEqual({ applied: 3, of: 9 });
    // Neither strangers nor members of another epoch tell anything about it.
    life.take(answer(2, {}, { ...here, appliedMessages: 4_000_000, member: "ff" as MemberId }));
    life.take(answer(3, {}, { head: new Uint8Array(32), appliedMessages: 4_000_000, member: SECOND }));
    expect(life.progress?.backfill).toEqual({ applied: 3, of: 9 });
    life.standing = inside({ applied: { epoch: 7n, messages: 9 }, missing: 0 });
    life.take({ kind: "tick" });
    expect(life.progress).toMatchObject({ stage: "ready", backfill: { applied: 9, of: 9 } });
  });

  test("tells each member that shows itself in its epoch, and none before the join", () => {
    const life = new Life().enter();
    life.take(answer(1, {}, { head: hexToBytes(HEAD)! }));
    expect(life.progress).toMatchObject({ ackedBy: [], backfill: undefined });
    life.standing = inside({ heard: [], isCaughtUp: false });
    life.take({ kind: "tick" });
    expect(life.progress?.ackedBy).toEqual([FIRST]);
    life.standing = inside({ heard: [SECOND], isCaughtUp: false });
    life.take({ kind: "tick" });
    expect(life.progress?.ackedBy).toEqual([SECOND, FIRST]);
  });
});

describe("A member is not ready", () => {
  const waitingAs = (changes: Partial<JoinedGroup>): Life => {
    const life = new Life().enter();
    life.standing = inside(changes);
    life.take({ kind: "tick" });
    return life;
  };

  test.each([
    ["while it lacks something", { isCaughtUp: false }],
    ["without the word of an inviter", { assurance: undefined, assuredBy: undefined }],
    ["by the word of another inviter", { assuredBy: SECOND }],
    ["without a member of its epoch", { heard: [] }],
    ["by its own packets", { heard: [SELF] }],
    ["by those of strangers", { heard: ["ff" as MemberId] }],
  ] satisfies readonly [string, Partial<JoinedGroup>][])("%s", (_why, changes) => {
    const life = waitingAs(changes);
    expect([life.outcome, life.stages.at(-1)]).toEqual([undefined, "catching-up"]);
    life.advance(300_000);
    expect(life.outcome).toMatchObject({ kind: "failed", error: { code: "backfill" }, withdraws: false });
  });

  test("by an answer of another epoch, and is by one of its own", () => {
    const life = waitingAs({ heard: [] });
    life.take(answer(1, {}, { head: new Uint8Array(32) }));
    expect(life.outcome).toBeUndefined();
    life.take(answer(2));
    expect(life.outcome).toMatchObject({ kind: "ready", report: { ackedBy: [FIRST] } });
  });

  test("until its inviter has shown its group, which it then notes", () => {
    const life = waitingAs({ assurance: undefined, assuredBy: undefined });
    life.take(answer(1, {}, { trust: "member" }));
    life.take(answer(1, {}, { trust: "inviter", head: new Uint8Array(32) }));
    expect(life.of("assure")).toEqual([]);
    life.take(answer(2, {}, { trust: "inviter" }));
    expect(life.of("assure")).toEqual([{ kind: "assure", inviter: invitation.inviter }]);
  });
});

describe("An attempt ends", () => {
  test("with the first sign of a member, once it is announced, if that is enough", () => {
    const life = new Life({ until: "started" }).enter();
    life.take(answer(1));
    expect([life.outcome, life.of("started").length]).toEqual([undefined, 1]);
    life.standing = outside(true);
    life.take({ kind: "tick" });
    expect(life.outcome).toEqual({ kind: "started" });
  });

  test.each([
    ["no-ready-peers", []],
    ["out-of-time", ["none"]],
    ["refused", ["refused"]],
    ["banned", ["banned"]],
    ["invitation-over", ["revoked"]],
  ] as const)("at its deadline, with %s after %j", (code, told) => {
    const life = new Life().enter();
    life.standing = outside(true);
    for (const state of told) life.take(answer(1, { state }));
    life.advance(299_999);
    expect(life.outcome).toBeUndefined();
    life.advance(1);
    expect(life.outcome).toMatchObject({ kind: "failed", error: { code } });
  });

  test.each([true, false])(
    "with the error that its clock is off, if no member has taken its key package: announced %s",
    (hasAnnounced) => {
      const life = new Life().enter();
      life.standing = outside(hasAnnounced);
      life.wallAheadMs = 5_400_000;
      life.take(answer(1));
      life.advance(300_000);
      expect(life.outcome).toMatchObject({ error: { code: "clock-off", clockAheadMs: 5_400_000 } });
      expect(life.of("announce")).toEqual([]);
    },
  );

  test("and tells the members, if its user does not want it any more", () => {
    const reason = new Error("changed my mind");
    const life = new Life().enter();
    life.take({ kind: "aborted", reason });
    expect(life.outcome).toEqual({ kind: "failed", error: reason, withdraws: true });
  });
});

test("No answers make a joiner remember more than 64 members", () => {
  const life = new Life().enter();
  for (let index = 0; index < 200; index += 1) {
    const member = memberIdFromBytes(new Uint8Array(20).fill(index));
    life.take(answer(index, { state: "voting" }, { member }));
  }
  expect(life.state.answers.last.size).toBe(JOIN_LIMITS.answeringMembers);
});

test("Whatever happens in whatever order, an attempt ends once, by its deadline", () => {
  const states = ["none", "waiting", "voting", "approved", "member", "refused", "banned", "revoked"] as const;
  const events = fc.oneof(
    fc.constant<AttemptEvent>({ kind: "entered" }),
    fc.constant<AttemptEvent>({ kind: "tick" }),
    fc.constant(undefined),
    fc
      .tuple(fc.nat(40), fc.constantFrom(...states), fc.constantFrom(FIRST, SECOND), fc.boolean())
      .map(([probe, state, member, isInviter]) => ({ probe, state, member, isInviter })),
    { weight: 1, arbitrary: fc.constantFrom("failed" as const, "aborted" as const) },
  );
  const standings = fc.constantFrom("outside", "announced", "held", "lacking", "ready");
  const happening = fc.record({
    event: events,
    standing: standings,
    afterMs: fc.nat(9_000),
    late: fc.boolean(),
  });
  const lives = fc.record({
    happened: fc.array(happening, { maxLength: 60 }),
    until: fc.constantFrom<AttemptPlan["until"]>("started", "ready"),
    retries: fc.boolean(),
    deadlineAtMs: fc.integer({ min: 1, max: 120_000 }),
  });
  const standingOf = (name: string): Standing => {
    if (name === "ready") return inside();
    if (name === "lacking") return inside({ isCaughtUp: false });
    return outside(name !== "outside", name === "held");
  };
  fc.assert(
    fc.property(lives, ({ happened, ...plan }) => {
      const life = new Life(plan);
      for (const { event, standing, afterMs, late } of happened) {
        life.standing = standingOf(standing);
        // A timer may be late, and other events come before it.
        if (late) life.nowMs += afterMs;
        else life.advance(afterMs);
        if (event === undefined) life.take({ kind: "read", invitation });
        else if (event === "failed") life.take({ kind: "failed", error: event });
        else if (event === "aborted") life.take({ kind: "aborted", reason: event });
        else if ("kind" in event) life.take(event);
        else {
          const { probe, state, member, isInviter } = event;
          life.take(answer(probe, { state }, { member, trust: isInviter ? "inviter" : "member" }));
        }
      }
      life.advance(plan.deadlineAtMs);
      const ends = life.of("end");
      expect(ends).toHaveLength(1);
      expect(life.effects.at(-1)).toBe(ends[0]);
      expect(life.of("started").length).toBeLessThanOrEqual(1);
      expect(nextTickMs(life.state, life.nowMs)).toBeUndefined();
      const [end] = ends;
      if (end?.outcome.kind === "ready") expect(end.outcome.report.elapsedMs).toBeLessThan(plan.deadlineAtMs);
    }),
    { numRuns: 300 },
  );
});
