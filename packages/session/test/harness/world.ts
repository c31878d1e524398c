import type { HashgraphConsensus } from "@demls/consensus";
import type { KeyPackageEncoding, MlsService, OwnKeyPackage, OwnLeafOptions } from "@demls/mls";
import type { ScoringConfig } from "@demls/scoring";
import type { StewardListConfig } from "@demls/steward";
import type { FakeSigner, SeededRandom } from "@demls/testkit";
import { REPAIR_SUBTOPIC, type MemberId, type Packet } from "@demls/wire/core";
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

/** Name of the conversation in every world. */
export const GARDEN = "garden";

/** Initial wall clock: the recording time of vectors/08_mls.json, so that its key packages are valid. */
const START_SECONDS = 1_795_254_400n;

/** Initial monotonic clock. */
const START_MS = 10_000;

/** Maximum number of steps at one instant; more are an endless loop. */
const STEPS_AT_ONE_INSTANT = 2_000;

/** A member with its current state. */
export interface Member {
  readonly name: string;
  readonly id: MemberId;
  mls: MlsService;
  readonly signer: FakeSigner;
  plugins: ConversationPlugins;
  /** Proof of the signature key of its new leaves, once it has renewed that key. */
  identityProof: Uint8Array | undefined;
  readonly appId: Uint8Array;
  /** Random source of ids and names; {@link MlsService} uses a fork of it. */
  readonly random: SeededRandom;
  state: TestState;
  wakeAtMs: number | undefined;
  keyPackages: readonly OwnKeyPackage[];
  /** All emitted events. */
  readonly events: ConversationEvent[];
  /** Outcomes of all received packets. */
  readonly outcomes: InboundOutcome[];
  /** All decisions with their reasons. */
  readonly decisions: TracedDecision[];
  /** Whether its signer answers at once; otherwise requests are collected in `unsigned`. */
  signsAtOnce: boolean;
  unsigned: Extract<Effect, { kind: "sign" }>[];
  /** Whether its packets are delivered; otherwise they stay in the outbox. */
  online: boolean;
}

/** A packet in transit to one member. */
export interface Letter {
  readonly from: Member;
  readonly to: Member;
  readonly packet: Packet;
  /** Monotonic time of its arrival. */
  readonly dueMs: number;
}

/** A scheduled action of a test. */
export interface Appointment {
  /** Monotonic time in ms. */
  readonly atMs: number;
  readonly act: () => Promise<void>;
}

export interface WorldOptions {
  readonly seed?: string;
  readonly mode?: CompatibilityMode;
  readonly config?: Partial<ConversationConfig>;
  readonly stewards?: Partial<StewardListConfig>;
  readonly scoring?: Partial<ScoringConfig>;
  /** Consensus plug-in of all members. */
  readonly consensus?: HashgraphConsensus;
  /** Encoding of generated key packages. */
  readonly keyPackageEncoding?: KeyPackageEncoding;
  /** Fakes for MLS and signing, a hundred times faster, for tests that need no cryptography. @default false */
  readonly fakes?: boolean;
}

/** Members, packets in transit, and clocks that tests advance. */
export interface World {
  readonly options: WorldOptions;
  readonly members: Member[];
  /** Packets in transit, oldest first. */
  inFlight: Letter[];
  /** Monotonic time in ms. */
  nowMs: number;
  /** Delays in ms of the copies of a packet to one receiver; by default one copy without delay. */
  delaysMs: (from: Member, to: Member) => readonly number[];
  /** Filter of packets, called at delivery. */
  arrives: (letter: Letter) => boolean;
  /** Whether members receive reports, requests and answers; without them, a packet that is withheld stays lost. */
  repairs: boolean;
  /** Scheduled actions, in any order. */
  diary: readonly Appointment[];
  /** Called for every event, before its consequences. */
  listens: (member: Member, event: ConversationEvent) => void;
  /** Called for every sent packet. */
  reads: (packet: Packet) => void;
  /** Delivers in random order if set, otherwise oldest first. */
  shuffledBy: SeededRandom | undefined;
  /** Called after every step, before its effects run. */
  onStep: (member: Member, before: ConversationState, input: Input, result: StepResult) => Promise<void>;
}

/** The platform's clock is half a century behind in a world, so that code that reads it fails. */
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
    repairs: true,
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

/** The wall clock of a member's MLS service in ms, rounded to seconds. */
export function wallMs(world: World): number {
  return Number(nowSeconds(world)) * 1_000;
}

/** Environment of a member's next step. */
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
    identityProof: member.identityProof,
    keyPackages: member.keyPackages,
  };
}

/** Parts the network into two sides: packets arrive on their own side only. */
export function part(world: World, side: readonly Member[]): void {
  world.arrives = ({ from, to }) => side.includes(from) === side.includes(to);
}

/** Removes members from the network; returns the others. */
export function vanish(world: World, gone: readonly Member[]): readonly Member[] {
  world.arrives = ({ from, to }) => !gone.includes(from) && !gone.includes(to);
  return world.members.filter((member) => !gone.includes(member));
}

/**
 * Advances time until a condition holds, while no packet reaches a member; returns the missed packets, oldest first.
 * Its timer does not run, because its own freeze would end without a candidate. It stays cut off afterwards.
 */
export async function runWithout(
  world: World,
  absent: Member,
  isSo: () => boolean,
): Promise<readonly Packet[]> {
  const missed: Packet[] = [];
  world.arrives = ({ from, to, packet }) => {
    if (to === absent && (packet.subtopic !== REPAIR_SUBTOPIC || isChoice(from, packet))) missed.push(packet);
    return to !== absent;
  };
  const { wakeAtMs } = absent;
  absent.wakeAtMs = undefined;
  await runUntil(world, isSo);
  absent.wakeAtMs = wakeAtMs;
  return missed;
}

/**
 * Runs a step of a member with one input and its effects, and returns the step: signatures are answered at once,
 * packets are sent to all other members.
 */
export async function take(world: World, member: Member, input: Input): Promise<StepResult> {
  const before = member.state;
  const result = await step(deepFreeze(before), input, environmentOf(world, member));
  await world.onStep(member, before, input, result);
  member.state = result.state as TestState;
  member.wakeAtMs = result.wakeAtMs;
  const unsigned: Extract<Effect, { kind: "sign" }>[] = [];
  const replacing: Extract<Effect, { kind: "generateKeyPackage" }>[] = [];
  for (const effect of result.effects) {
    if (effect.kind === "event") {
      member.events.push(effect.event);
      world.listens(member, effect.event);
    } else if (effect.kind === "trace") member.decisions.push(effect.decision);
    else if (effect.kind === "inbound") member.outcomes.push(effect.outcome);
    else if (effect.kind === "sign") unsigned.push(effect);
    else if (effect.kind === "transmit") {
      if (member.online) broadcast(world, member, effect.packet);
    } else if (effect.kind === "consumeKeyPackage")
      member.keyPackages = member.keyPackages.filter(({ reference }) => reference !== effect.reference);
    else if (effect.kind === "generateKeyPackage") replacing.push(effect);
  }
  if (member.online) await publishAll(world, member);
  for (const { replaces } of replacing) await announce(world, member, { replaces });
  if (member.signsAtOnce) for (const request of unsigned) await sign(world, member, request);
  else member.unsigned.push(...unsigned);
  return result;
}

/** Generates a key package of a member and announces it. */
export async function announce(
  world: World,
  member: Member,
  options?: OwnLeafOptions,
): Promise<OwnKeyPackage> {
  const keyPackage = await member.mls.generateKeyPackage(options);
  member.keyPackages = [...member.keyPackages, keyPackage];
  await take(world, member, {
    kind: "command",
    command: { kind: "announceKeyPackage", keyPackage: keyPackage.bytes },
  });
  return keyPackage;
}

/** Answers a member's signature request. */
export async function sign(
  world: World,
  member: Member,
  { requestId, message }: Extract<Effect, { kind: "sign" }>,
): Promise<StepResult> {
  const signature = member.signer.sign(message);
  return take(world, member, { kind: "signed", requestId, signature });
}

/** Sends the packets that may leave a member's outbox. */
export async function publishAll(world: World, member: Member): Promise<void> {
  for (;;) {
    const entry = outboxOf(member.state)[0];
    if (entry === undefined || entry.notBeforeMs > world.nowMs) return;
    broadcast(world, member, entry.packet);
    await take(world, member, { kind: "published", sequence: entry.sequence });
  }
}

/** Whether a packet is its sender's choice, which is no repair. */
function isChoice({ state }: Member, { payload }: Packet): boolean {
  return state.repair.log.some(({ slot, payload: logged }) => slot.kind === "choice" && logged === payload);
}

/** Sends a packet to everyone but its sender. */
export function broadcast(world: World, from: Member, packet: Packet): void {
  if (packet.subtopic === REPAIR_SUBTOPIC && !world.repairs && !isChoice(from, packet)) return;
  world.reads(packet);
  for (const to of world.members) {
    if (to === from) continue;
    for (const delayMs of world.delaysMs(from, to))
      world.inFlight.push({ from, to, packet, dueMs: world.nowMs + delayMs });
  }
}

/** Delivers a packet to one member and returns its outcome. */
export async function receive(world: World, to: Member, packet: Packet): Promise<InboundOutcome> {
  const { outcome } = await take(world, to, { kind: "packet", packet });
  if (outcome === undefined) throw new Error("A packet has no outcome.");
  return outcome;
}

/** Delivers everything that is due, with its consequences, without advancing time. */
export async function deliver(
  world: World,
  isWanted: (letter: Letter) => boolean = () => true,
): Promise<void> {
  for (let steps = 0; ; steps++) {
    if (steps > STEPS_AT_ONE_INSTANT) throw new Error("The letters do not end.");
    const isDue = (letter: Letter) => letter.dueMs <= world.nowMs && isWanted(letter);
    const letter = world.shuffledBy
      ? pickOne(world.shuffledBy, world.inFlight.filter(isDue))
      : world.inFlight.find(isDue);
    if (letter === undefined) return;
    world.inFlight.splice(world.inFlight.indexOf(letter), 1);
    if (world.arrives(letter)) await receive(world, letter.to, letter.packet);
  }
}

function pickOne(random: SeededRandom, letters: readonly Letter[]): Letter | undefined {
  return letters.length === 0 ? undefined : random.pick(letters);
}

/** Advances time: delivers due packets, runs scheduled actions, and wakes members at their timers. */
export async function runFor(world: World, forMs: number): Promise<void> {
  const endMs = world.nowMs + forMs;
  await runUntil(world, () => false, endMs);
}

/**
 * Advances time until a condition holds, checked after each delivery.
 *
 * @param endMs latest time; by default a quarter of an hour from now, where failure is an error.
 */
export async function runUntil(world: World, isSo: () => boolean, endMs?: number): Promise<void> {
  const limitMs = endMs ?? world.nowMs + 900_000;
  for (let wakes = 0; ;) {
    await deliver(world);
    if (isSo()) return;
    const dueMs = nextDueMs(world);
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

/** Monotonic time of the next delivery, wake-up or appointment. A loop, since thousands of packets may be in transit. */
function nextDueMs({ members, inFlight, diary }: World): number {
  let dueMs = Infinity;
  for (const { wakeAtMs = Infinity } of members) dueMs = Math.min(dueMs, wakeAtMs);
  for (const letter of inFlight) dueMs = Math.min(dueMs, letter.dueMs);
  for (const { atMs } of diary) dueMs = Math.min(dueMs, atMs);
  return dueMs;
}

async function keepAppointments(world: World): Promise<void> {
  const due = world.diary.filter(({ atMs }) => atMs <= world.nowMs);
  world.diary = world.diary.filter((appointment) => !due.includes(appointment));
  for (const { act } of due) await act();
}

/** Virtual ms until a condition holds; fails after a quarter of an hour. */
export async function msUntil(world: World, isSo: () => boolean): Promise<number> {
  const startMs = world.nowMs;
  await runUntil(world, isSo);
  return world.nowMs - startMs;
}
