import { memberIdFromBytes, type MemberId } from "@demls/wire/core";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import {
  createAnswerer,
  createProbe,
  JOIN_LIMITS,
  MAX_PROBE_AGE_SECONDS,
  MIN_PROBE_BYTES,
  nextTurnMs,
  NO_PROBES,
  openReadiness,
  READINESS_BYTES,
  stepAnswerer,
  type Answerer,
  type AnswererEvent,
  type AnswererMoment,
  type AnswererState,
  type AnswererStep,
  type InvitationEnd,
  type MemberKnowledge,
  type PendingProbe,
  type RequestState,
} from "../src/index.js";
import { alice, GROUP_ID, issued, mallory, NOW, TERMS, verifier } from "./fixtures.js";
import {
  ALICE_LEAF,
  bob,
  BOB_LEAF,
  opening,
  readinessOf,
  replyKeysOf,
  sealingBy,
  signingBy,
} from "./readiness-fixtures.js";
import { createWorkClock } from "./work.js";

const ALICE = memberIdFromBytes(alice.identity);
const BOB = memberIdFromBytes(bob.identity);
/** Members that never answer. */
const SILENT = Array.from({ length: 6 }, (_, index) =>
  memberIdFromBytes(new Uint8Array(20).fill(50 + index)),
);
const MEMBERS = [ALICE, BOB, ...SILENT];

interface Asked {
  readonly payload: Uint8Array;
  readonly pending: PendingProbe;
}

/** A probe whose nonce and reply key follow from a number. */
async function probe(number: number, sentAt = NOW, secret?: Uint8Array): Promise<Asked> {
  const fill = (length: number): Uint8Array => new Uint8Array(length).fill(7).fill(number, 4, 5);
  const { bytes, pending } = createProbe({
    secret: secret ?? (await issued()).secret,
    ...{ replyKeys: replyKeysOf(fill(32)), nowSeconds: sentAt, random: { bytes: fill } },
  });
  return { payload: bytes, pending };
}

/** What a member of the group knows. */
async function knowledgeOf(
  self: MemberId,
  changes: Partial<MemberKnowledge> & { readonly state?: RequestState; readonly end?: InvitationEnd } = {},
): Promise<MemberKnowledge> {
  const { state = "voting", end, ...others } = changes;
  const [signer, leaf] = self === ALICE ? [alice, ALICE_LEAF] : [bob, BOB_LEAF];
  const { member, signatureKey, keySince, identityProof } = await readinessOf(signer, leaf);
  return {
    ...{ self, groupId: GROUP_ID, members: MEMBERS, isAbsent: () => false },
    memberKeyOf: () => undefined,
    endOf: () => end,
    requestOf: async () => ({ state, yes: 1, no: 0, voters: 8, millisecondsLeft: 900 }),
    mark: () => ({
      own: { member, signatureKey, keySince, identityProof },
      ...{ epoch: 3n, head: new Uint8Array(32).fill(4), appliedMessages: 5 },
    }),
    sign: signingBy(leaf),
    ...others,
  };
}

const moment = (knowledge: MemberKnowledge | undefined, nowMs = 0): AnswererMoment => ({
  ...{ knowledge, nowMs, nowSeconds: NOW + Math.floor(nowMs / 1_000) },
});

const packet = (payload: Uint8Array): AnswererEvent => ({ kind: "packet", payload });
const kinds = ({ effects }: AnswererStep): readonly string[] => effects.map(({ kind }) => kind);

let asInviter: MemberKnowledge, asBob: MemberKnowledge;
/** Probes of one invitation, in none of which Bob is first, and that of Alice's guest. */
let asked: readonly Asked[];

beforeAll(async () => {
  asInviter = await knowledgeOf(ALICE);
  asBob = await knowledgeOf(BOB);
  asked = await Promise.all(Array.from({ length: 40 }, (_, number) => probe(number)));
});

/** Bob's turn at each probe, in ms. */
function turnsOfBob(): readonly (number | undefined)[] {
  return asked.map(({ payload }) =>
    nextTurnMs(stepAnswerer(NO_PROBES, packet(payload), moment(asBob)).state),
  );
}

/** A probe that Bob is to answer after others. */
function later(): Asked {
  const found = asked[turnsOfBob().findIndex((turn) => turn !== undefined)];
  if (found === undefined) throw new Error("Bob is always first.");
  return found;
}

describe("The inviter", () => {
  test("answers at once, after it has checked its own signature", () => {
    const { payload } = asked[0]!;
    const read = stepAnswerer(NO_PROBES, packet(payload), moment(asInviter));
    expect([kinds(read), read.verdict]).toEqual([["verify"], "passed"]);
    const verified = { kind: "verified", probe: read.effects[0]!.probe } as const;
    expect(kinds(stepAnswerer(read.state, verified, moment(asInviter)))).toEqual(["answer"]);
  });

  test("answers no probe twice", () => {
    const { payload } = asked[0]!;
    const { state } = stepAnswerer(NO_PROBES, packet(payload), moment(asInviter));
    const again = stepAnswerer(state, packet(payload), moment(asInviter, 60_000));
    expect([kinds(again), again.verdict]).toEqual([[], "unjudged"]);
  });

  test.each([
    ["while it can answer nobody", async () => undefined],
    ["of another group", () => knowledgeOf(ALICE, { groupId: "00".repeat(16) })],
    ["of an inviter that is gone", () => knowledgeOf(BOB, { members: MEMBERS.slice(1) })],
  ])("answers no probe %s", async (_which, knowledge) => {
    const step = stepAnswerer(NO_PROBES, packet(asked[0]!.payload), moment(await knowledge()));
    expect([kinds(step), nextTurnMs(step.state)]).toEqual([[], undefined]);
  });

  test("answers no probe of another time, to either side", async () => {
    const sentAt = [-1, 1].map((side) => NOW + side * (MAX_PROBE_AGE_SECONDS + 1));
    for (const [index, at] of sentAt.entries()) {
      const { payload } = await probe(100 + index, at);
      expect(kinds(stepAnswerer(NO_PROBES, packet(payload), moment(asInviter)))).toEqual([]);
    }
    const { payload } = await probe(102, NOW - MAX_PROBE_AGE_SECONDS);
    expect(kinds(stepAnswerer(NO_PROBES, packet(payload), moment(asInviter)))).toEqual(["verify"]);
  });

  test("is gone by the time at which its signature is checked, and answers nothing", () => {
    const read = stepAnswerer(NO_PROBES, packet(asked[0]!.payload), moment(asInviter));
    const verified = { kind: "verified", probe: read.effects[0]!.probe } as const;
    expect(kinds(stepAnswerer(read.state, verified, moment(undefined)))).toEqual([]);
  });
});

describe("Another member", () => {
  test("answers one after another: one of eight is first", () => {
    const turns = turnsOfBob().map((turn) => turn ?? 0);
    expect(Math.min(...turns)).toBe(0);
    expect(turns.every((turn) => turn % 500 === 0 && turn <= 3_000)).toBe(true);
    expect(new Set(turns).size).toBeGreaterThan(4);
  });

  test("waits for no member that is away", async () => {
    const alone = await knowledgeOf(BOB, { isAbsent: (member) => member !== BOB });
    for (const { payload } of asked)
      expect(kinds(stepAnswerer(NO_PROBES, packet(payload), moment(alone)))).toEqual(["verify"]);
  });

  test("answers in its turn, once", () => {
    const { state } = stepAnswerer(NO_PROBES, packet(later().payload), moment(asBob));
    const turnMs = nextTurnMs(state) ?? 0;
    const early = stepAnswerer(state, { kind: "tick" }, moment(asBob, turnMs - 1));
    expect([kinds(early), early.state]).toEqual([[], state]);
    const due = stepAnswerer(state, { kind: "tick" }, moment(asBob, turnMs));
    expect([kinds(due), nextTurnMs(due.state)]).toEqual([["verify"], undefined]);
  });

  test("is silent when another one has answered, and not when somebody has answered another probe", () => {
    const { payload, pending } = later();
    const { state } = stepAnswerer(NO_PROBES, packet(payload), moment(asBob));
    const answer = (digest: Uint8Array): Uint8Array => {
      const bytes = new Uint8Array(READINESS_BYTES).fill(1, 0, 1);
      bytes.set(digest.subarray(0, 16), 1);
      return bytes;
    };
    const other = stepAnswerer(state, packet(answer(new Uint8Array(32))), moment(asBob));
    expect(nextTurnMs(other.state)).toBe(nextTurnMs(state));
    const own = stepAnswerer(state, packet(answer(pending.digest)), moment(asBob));
    expect([nextTurnMs(own.state), own.verdict]).toEqual([undefined, "passed"]);
  });
});

describe("Garbage", () => {
  test.each([
    ["short", 0, "forged"],
    ["long", 5_000, "forged"],
    ["of no version", MIN_PROBE_BYTES, "forged"],
  ] as const)("that is %s is forged, and asks for nothing", (_which, length, verdict) => {
    const step = stepAnswerer(NO_PROBES, packet(new Uint8Array(length)), moment(asInviter));
    expect([kinds(step), step.verdict]).toEqual([[], verdict]);
  });

  test("costs no answer of the budget, only the checks of its second", () => {
    let state: AnswererState = NO_PROBES;
    for (let count = 0; count < JOIN_LIMITS.probeChecksPerSecond; count += 1) {
      const noise = new Uint8Array(MIN_PROBE_BYTES).fill(1).fill(count, 500);
      ({ state } = stepAnswerer(state, packet(noise), moment(asInviter)));
    }
    const { payload } = asked[0]!;
    expect(stepAnswerer(state, packet(payload), moment(asInviter)).verdict).toBe("unjudged");
    expect(kinds(stepAnswerer(state, packet(payload), moment(asInviter, 1_000)))).toEqual(["verify"]);
    expect(state.read).toEqual([]);
  });
});

test("Whatever comes in whatever order, no bound is exceeded, and no probe is answered twice", async () => {
  const others = await issued({ ...TERMS, note: "another one" }, bob);
  const stolen = await issued(TERMS, mallory);
  const pool = [
    ...asked.map(({ payload }) => payload),
    ...(await Promise.all(Array.from({ length: 40 }, (_, n) => probe(n, NOW, others.secret)))).map(
      ({ payload }) => payload,
    ),
    ...(await Promise.all(Array.from({ length: 5 }, (_, n) => probe(n, NOW, stolen.secret)))).map(
      ({ payload }) => payload,
    ),
    new Uint8Array(READINESS_BYTES),
    new Uint8Array(MIN_PROBE_BYTES).fill(1),
  ];
  const events = fc.array(
    fc.record({
      index: fc.nat(pool.length - 1),
      isTick: fc.boolean(),
      afterMs: fc.constantFrom(0, 1, 500, 900),
      isMember: fc.boolean(),
    }),
    { minLength: 50, maxLength: 150 },
  );
  fc.assert(
    fc.property(events, (happened) => {
      let state: AnswererState = NO_PROBES;
      let nowMs = 0;
      const answered: { readonly minute: number; readonly digest: string; readonly id: string }[] = [];
      const run = (event: AnswererEvent, knowledge: MemberKnowledge | undefined): void => {
        const step = stepAnswerer(state, event, moment(knowledge, nowMs));
        state = step.state;
        for (const effect of step.effects)
          if (effect.kind === "verify") run({ kind: "verified", probe: effect.probe }, knowledge);
          else
            answered.push({
              minute: Math.floor(nowMs / 60_000),
              digest: Buffer.from(effect.probe.digest).toString("hex"),
              id: effect.probe.invitation.id,
            });
      };
      for (const { index, isTick, afterMs, isMember } of happened) {
        nowMs += afterMs;
        const event: AnswererEvent = isTick ? { kind: "tick" } : packet(pool[index]!);
        run(event, isMember ? asBob : undefined);
        expect(state.waiting.length).toBeLessThanOrEqual(JOIN_LIMITS.waitingProbes);
        expect(state.read.length).toBeLessThanOrEqual(JOIN_LIMITS.readProbes);
      }
      expect(new Set(answered.map(({ digest }) => digest)).size).toBe(answered.length);
      for (const { minute, id } of answered) {
        const then = answered.filter((each) => each.minute === minute);
        expect(then.length).toBeLessThanOrEqual(JOIN_LIMITS.probesPerMinute);
        expect(then.filter((each) => each.id === id).length).toBeLessThanOrEqual(
          JOIN_LIMITS.probesPerInvitation,
        );
      }
    }),
    { numRuns: 20 },
  );
});

test("Thirty answers for one invitation in a minute, sixty for all", async () => {
  const forMany = await knowledgeOf(ALICE);
  const probes = await Promise.all(
    Array.from({ length: 3 }, async (_, which) => {
      const { secret } = await issued({ ...TERMS, note: `line ${which}` });
      // The seed is the same, so another inviter tells the lines apart below.
      return Promise.all(Array.from({ length: 35 }, (_, number) => probe(number, NOW, secret)));
    }),
  );
  const ids = ["a", "b", "c"];
  let state: AnswererState = NO_PROBES;
  const counts = probes.map((of, which) =>
    of.reduce((count, { payload }, number) => {
      const nowMs = 1_000 * which + 500 * Math.floor(number / 20);
      const read = stepAnswerer(state, packet(payload), moment(forMany, nowMs));
      state = read.state;
      const [effect] = read.effects;
      if (effect === undefined) return count;
      const invitation = { ...effect.probe.invitation, id: ids[which]! };
      const step = stepAnswerer(
        state,
        { kind: "verified", probe: { ...effect.probe, invitation } },
        moment(forMany, nowMs),
      );
      state = step.state;
      return count + step.effects.length;
    }, 0),
  );
  expect(counts).toEqual([30, 30, 0]);
});

test("The oldest of 1,024 read probes is forgotten", () => {
  const read = Array.from({ length: JOIN_LIMITS.readProbes }, (_, index) => `${index}`);
  const { state } = stepAnswerer({ ...NO_PROBES, read }, packet(asked[0]!.payload), moment(asInviter));
  expect(state.read.length).toBe(JOIN_LIMITS.readProbes);
  expect([state.read.includes("0"), state.read.includes("1")]).toEqual([false, true]);
});

test("The thirty-third probe that waits is not answered in its turn", () => {
  const { state } = stepAnswerer(NO_PROBES, packet(later().payload), moment(asBob));
  const full = Array.from({ length: JOIN_LIMITS.waitingProbes }, () => state.waiting[0]!);
  const step = stepAnswerer({ ...NO_PROBES, waiting: full }, packet(later().payload), moment(asBob));
  expect(step.state.waiting).toHaveLength(JOIN_LIMITS.waitingProbes);
});

describe("An answerer over a transport", () => {
  /** A member over a transport, with what it publishes. */
  function answering(knowledge: MemberKnowledge): {
    readonly answerer: Answerer;
    readonly published: readonly Uint8Array[];
    advance(ms: number): Promise<void>;
  } {
    const clock = createWorkClock(NOW);
    const published: Uint8Array[] = [];
    const answerer = createAnswerer({
      ...{ clock, knowledge: () => ({ ...knowledge, sign: clock.waitingFor(knowledge.sign) }) },
      verifier: { verify: clock.waitingFor(verifier.verify) },
      seal: clock.waitingFor(sealingBy(new Uint8Array(32).fill(6))),
      publish: async (answer) => void published.push(answer),
    });
    return { answerer, published, advance: (ms) => clock.advance(ms) };
  }

  /** Answers one probe by this member. @returns what it publishes. */
  async function answersBy(knowledge: MemberKnowledge, payload: Uint8Array): Promise<readonly Uint8Array[]> {
    const { answerer, published, advance } = answering(knowledge);
    expect(answerer.receive(payload)).toBe("passed");
    await advance(5_000);
    answerer.close();
    return published;
  }

  test("tells the group to the guest alone", async () => {
    const [answer, ...more] = await answersBy(asInviter, asked[0]!.payload);
    expect(more).toEqual([]);
    const opened = await openReadiness(asked[0]!.pending, answer!, opening);
    expect(opened).toMatchObject({
      ok: true,
      trust: "inviter",
      readiness: { epoch: 3n, memberCount: 8, appliedMessages: 5, request: { state: "voting", yes: 1 } },
    });
  });

  test("tells the holder of an invitation that is over nothing else", async () => {
    const over = await knowledgeOf(ALICE, { state: "waiting", end: "revoked" });
    const [answer] = await answersBy(over, asked[0]!.payload);
    expect(await openReadiness(asked[0]!.pending, answer!, opening)).toMatchObject({
      ok: true,
      readiness: { epoch: 0n, memberCount: 0, head: new Uint8Array(), request: { state: "revoked", yes: 0 } },
    });
  });

  test("tells a guest that the members vote on how far that is, though it has used its invitation up", async () => {
    const voting = await knowledgeOf(ALICE, { end: "used-up" });
    const [answer] = await answersBy(voting, asked[0]!.payload);
    expect(await openReadiness(asked[0]!.pending, answer!, opening)).toMatchObject({
      ok: true,
      readiness: { memberCount: 8, request: { state: "voting" } },
    });
  });

  test("waits for its turn, and answers nothing once it is closed", async () => {
    expect(await answersBy(asBob, later().payload)).toHaveLength(1);
    const { answerer, published, advance } = answering(asBob);
    answerer.receive(later().payload);
    answerer.close();
    await advance(5_000);
    expect(answerer.receive(asked.at(-1)!.payload)).toBe("unjudged");
    expect(published).toEqual([]);
  });

  test("answers no probe of an invitation that its inviter has not signed", async () => {
    const forged = await issued(TERMS, { ...mallory, identity: alice.identity });
    const { payload } = await probe(7, NOW, forged.secret);
    expect(await answersBy(asInviter, payload)).toEqual([]);
  });

  test("gives no answer if its identity does not vouch for its leaf", async () => {
    const unproved = await knowledgeOf(ALICE, { mark: () => undefined });
    expect(await answersBy(unproved, asked[0]!.payload)).toEqual([]);
  });
});
