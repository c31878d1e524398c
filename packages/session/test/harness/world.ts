import type { HashgraphConsensus } from "@demls/consensus";
import type { KeyPackageEncoding, MlsService, OwnKeyPackage } from "@demls/mls";
import type { ScoringConfig } from "@demls/scoring";
import type { StewardListConfig } from "@demls/steward";
import type { FakeSigner, SeededRandom } from "@demls/testkit";
import type { MemberId, Packet } from "@demls/wire/core";
import type { CompatibilityMode, ConversationConfig, ConversationEvent } from "../../src/index.js";
import {
  type ConversationPlugins,
  type ConversationState,
  type Effect,
  type Environment,
  type Input,
  step,
  type StepResult,
} from "../../src/step/index.js";
import type { InboundOutcome, TracedDecision } from "../../src/trace/index.js";
import { outboxOf } from "../../src/messages/outbox.js";
import { deepFreeze } from "./deep-freeze.js";
import type { TestState } from "./state.js";
import { setPlatformDate } from "./platform-date.js";

/** The conversation's name in every world. */
export const GARDEN = "garden";

/** The wall clock at a world's beginning: when vectors/08_mls.json was recorded, so its key packages are valid. */
const START_SECONDS = 1_795_254_400n;

/** The monotonic clock at a world's beginning. */
const START_MS = 10_000;

/** Steps that one instant may take before a world is taken to be going round in circles. */
const STEPS_AT_ONE_INSTANT = 2_000;

/** One member, with its state as the last step left it. */
export interface Member {
  readonly name: string;
  readonly id: MemberId;
  readonly mls: MlsService;
  readonly signer: FakeSigner;
  readonly plugins: ConversationPlugins;
  readonly appId: Uint8Array;
  /** Ids and names that the member draws; {@link MlsService} draws from a fork of it. */
  readonly random: SeededRandom;
  state: TestState;
  wakeAtMs: number | undefined;
  keyPackages: readonly OwnKeyPackage[];
  /** Everything it ever emitted. */
  readonly events: ConversationEvent[];
  /** What became of every packet it was given. */
  readonly outcomes: InboundOutcome[];
  /** Everything it ever decided by itself, with the reasons. */
  readonly decisions: TracedDecision[];
  /** Whether its signer answers at once; otherwise requests gather in `unsigned`. */
  signsAtOnce: boolean;
  unsigned: Extract<Effect, { kind: "sign" }>[];
  /** Whether what it publishes reaches anyone; otherwise it stays in the outbox. */
  online: boolean;
}

/** A packet on its way to one member. */
export interface Letter {
  readonly from: Member;
  readonly to: Member;
  readonly packet: Packet;
  /** Monotonic time at which it arrives. */
  readonly dueMs: number;
}

/** Something that a test has planned. */
export interface Appointment {
  /** Monotonic. */
  readonly atMs: number;
  readonly act: () => Promise<void>;
}

export interface WorldOptions {
  readonly seed?: string;
  readonly mode?: CompatibilityMode;
  readonly config?: Partial<ConversationConfig>;
  readonly stewards?: Partial<StewardListConfig>;
  readonly scoring?: Partial<ScoringConfig>;
  /** The algorithm by which all members vote. */
  readonly consensus?: HashgraphConsensus;
  /** The form in which key packages are generated. */
  readonly keyPackageEncoding?: KeyPackageEncoding;
  /** Fakes for MLS and for signing: a hundred times quicker, where cryptography is not the point. @default false */
  readonly fakes?: boolean;
}

/** Members, the packets between them, and their clocks, which move when told to. */
export interface World {
  readonly options: WorldOptions;
  readonly members: Member[];
  /** Packets on their way, oldest first. */
  inFlight: Letter[];
  /** Monotonic milliseconds. */
  nowMs: number;
  /** How long the copies of a packet take to one receiver, in milliseconds; at once and alone by default. */
  delaysMs: (from: Member, to: Member) => readonly number[];
  /** Which letters arrive; asked when a letter would be delivered. */
  arrives: (letter: Letter) => boolean;
  /** What is planned, in any order. */
  diary: readonly Appointment[];
  /** Is told of every event, before anything follows from it. */
  listens: (member: Member, event: ConversationEvent) => void;
  /** Is shown every packet that somebody sends. */
  reads: (packet: Packet) => void;
  /** Delivers in random order where given, else oldest first. */
  shuffledBy: SeededRandom | undefined;
  /** Told of every step, before anything of it is carried out. */
  onStep: (member: Member, before: ConversationState, input: Input, result: StepResult) => Promise<void>;
}

/** The platform's clock is half a century slow in a world, so that whatever goes by it fails. */
export const WORLD_DATE_MS = 0;

export function createWorld(options: WorldOptions = {}): World {
  setPlatformDate(WORLD_DATE_MS);
  return {
    options,
    members: [],
    inFlight: [],
    nowMs: START_MS,
    delaysMs: () => [0],
    arrives: () => true,
    diary: [],
    listens: () => undefined,
    reads: () => undefined,
    shuffledBy: undefined,
    onStep: async () => undefined,
  };
}

export function nowSeconds(world: World): bigint {
  return START_SECONDS + BigInt(Math.floor((world.nowMs - START_MS) / 1_000));
}

/** The wall clock in milliseconds, as a member's MLS sees it: whole seconds. */
export function wallMs(world: World): number {
  return Number(nowSeconds(world)) * 1_000;
}

/** What a member's next step may look at. */
export function environmentOf(world: World, member: Member): Environment {
  return {
    plugins: member.plugins,
    self: member.id,
    display: member.name,
    appId: member.appId,
    random: member.random,
    nowMs: world.nowMs,
    nowWallMs: Number(START_SECONDS) * 1_000 + world.nowMs - START_MS,
    nowSeconds: nowSeconds(world),
    keyPackages: member.keyPackages,
  };
}

/** Takes members off the network; returns those who are left. */
export function vanish(world: World, gone: readonly Member[]): readonly Member[] {
  world.arrives = ({ from, to }) => !gone.includes(from) && !gone.includes(to);
  return world.members.filter((member) => !gone.includes(member));
}

/**
 * Gives a member one input, carries out what its step decides, and returns that step: signatures are
 * answered at once, packets are on their way to everyone else.
 */
export async function take(world: World, member: Member, input: Input): Promise<StepResult> {
  const before = member.state;
  const result = await step(deepFreeze(before), input, environmentOf(world, member));
  await world.onStep(member, before, input, result);
  member.state = result.state as TestState;
  member.wakeAtMs = result.wakeAtMs;
  const unsigned: Extract<Effect, { kind: "sign" }>[] = [];
  for (const effect of result.effects) {
    if (effect.kind === "event") {
      member.events.push(effect.event);
      world.listens(member, effect.event);
    } else if (effect.kind === "trace") member.decisions.push(effect.decision);
    else if (effect.kind === "inbound") member.outcomes.push(effect.outcome);
    else if (effect.kind === "sign") unsigned.push(effect);
    else if (effect.kind === "consumeKeyPackage")
      member.keyPackages = member.keyPackages.filter(({ reference }) => reference !== effect.reference);
  }
  if (member.online) await publishAll(world, member);
  if (member.signsAtOnce) for (const request of unsigned) await sign(world, member, request);
  else member.unsigned.push(...unsigned);
  return result;
}

/** Answers a member's request for a signature. */
export async function sign(
  world: World,
  member: Member,
  { requestId, message }: Extract<Effect, { kind: "sign" }>,
): Promise<StepResult> {
  const signature = member.signer.sign(message);
  return take(world, member, { kind: "signed", requestId, signature });
}

/** Puts what may leave a member's outbox on its way. */
export async function publishAll(world: World, member: Member): Promise<void> {
  for (;;) {
    const entry = outboxOf(member.state)[0];
    if (entry === undefined || entry.notBeforeMs > world.nowMs) return;
    broadcast(world, member, entry.packet);
    await take(world, member, { kind: "published", sequence: entry.sequence });
  }
}

/** Sends a packet to everyone but its sender. */
export function broadcast(world: World, from: Member, packet: Packet): void {
  world.reads(packet);
  for (const to of world.members) {
    if (to === from) continue;
    for (const delayMs of world.delaysMs(from, to))
      world.inFlight.push({ from, to, packet, dueMs: world.nowMs + delayMs });
  }
}

/** Hands a packet to one member and says what became of it. */
export async function receive(world: World, to: Member, packet: Packet): Promise<InboundOutcome> {
  const { outcome } = await take(world, to, { kind: "packet", packet });
  if (outcome === undefined) throw new Error("A packet has no outcome.");
  return outcome;
}

/** Delivers what is due by now, and what that leads to, without letting time pass. */
export async function deliver(
  world: World,
  isWanted: (letter: Letter) => boolean = () => true,
): Promise<void> {
  for (let steps = 0; ; steps++) {
    if (steps > STEPS_AT_ONE_INSTANT) throw new Error("The letters do not end.");
    const wanted = world.inFlight.filter((letter) => letter.dueMs <= world.nowMs && isWanted(letter));
    const letter = world.shuffledBy && wanted.length > 0 ? world.shuffledBy.pick(wanted) : wanted[0];
    if (letter === undefined) return;
    world.inFlight = world.inFlight.filter((other) => other !== letter);
    if (world.arrives(letter)) await receive(world, letter.to, letter.packet);
  }
}

/** Lets time pass: delivers what falls due, keeps appointments, and wakes members when they asked for it. */
export async function runFor(world: World, forMs: number): Promise<void> {
  const endMs = world.nowMs + forMs;
  await runUntil(world, () => false, endMs);
}

/**
 * Lets time pass until something is so, looked at whenever everything due has been delivered.
 *
 * @param endMs where it ends at the latest; by default a quarter of an hour on, and then it is an error
 * that it has not come about.
 */
export async function runUntil(world: World, isSo: () => boolean, endMs?: number): Promise<void> {
  const limitMs = endMs ?? world.nowMs + 900_000;
  for (let wakes = 0; ;) {
    await deliver(world);
    if (isSo()) return;
    const dueMs = Math.min(
      ...world.members.map(({ wakeAtMs }) => wakeAtMs ?? Infinity),
      ...world.inFlight.map((letter) => letter.dueMs),
      ...world.diary.map(({ atMs }) => atMs),
    );
    if (dueMs > limitMs) break;
    if (wakes > STEPS_AT_ONE_INSTANT) throw new Error("A member wants to be woken again and again.");
    wakes = dueMs > world.nowMs ? 0 : wakes + 1;
    world.nowMs = Math.max(world.nowMs, dueMs);
    await keepAppointments(world);
    for (const member of world.members) {
      if ((member.wakeAtMs ?? Infinity) <= world.nowMs) await take(world, member, { kind: "tick" });
    }
  }
  world.nowMs = limitMs;
  if (endMs === undefined) throw new Error("It did not come about.");
}

async function keepAppointments(world: World): Promise<void> {
  const due = world.diary.filter(({ atMs }) => atMs <= world.nowMs);
  world.diary = world.diary.filter((appointment) => !due.includes(appointment));
  for (const { act } of due) await act();
}
