import { admitInvited, createStewardConsensus } from "demls";
import { HONEST, QUIET, STEADY, say, talk, type GroupSize } from "../actors/index.js";
import {
  bringsChanges,
  countsChat,
  durationMs,
  faultsOf,
  hasGuests,
  hasHostile,
  needsStorage,
  smallestSize,
  type FaultKind,
} from "../faults/index.js";
import { createJoiners } from "../world/joiners.js";
import { isMember } from "../world/members.js";
import type { Person } from "../world/person.js";
import { createWorld, type World, type WorldOptions } from "../world/world.js";
import { watchBounds } from "./bounds.js";
import { watchDecisions } from "./decisions.js";
import { watchDoor } from "./door.js";
import { watchGenerations } from "./generations.js";
import { watchHistory, type History } from "./history.js";
import { findingsOf, type Finding } from "./verdict.js";
import { lostMessages, unreportedLosses, viewOf } from "./view.js";

const MINUTE_MS = 60_000;

/** Time for the first members to join, before any fault. */
const GATHERING_MS = 60 * MINUTE_MS;
/** Time from the end of the faults until all must be whole. */
const RECOVERY_MS = 30 * MINUTE_MS;
/** Time for the last messages to arrive. */
const ROLL_CALL_MS = MINUTE_MS;

/** One life in so many has the voting algorithm in which stewards alone vote on members. */
const STEWARD_VOTES = 5;
/** In one of so many lives, those that come in are on probation for a time. */
const PROBATIONS = 3;
const PROBATION_MS = 600_000;

/** Probation where guests come: longer than the faults. */
const GUEST_PROBATION_MS = 30 * MINUTE_MS;
/** One guest of a member for so many settled ones, by default. */
const GUEST_SHARE = 3;
/** One life without hostile people in so many has this bound. */
const BOUNDED = 3;

/** Settings of a life. */
export interface LifeOptions {
  readonly seed: number;
  readonly faults: FaultKind;
  /** Share of packets that the fault `loss` loses. */
  readonly loss: number;
  /** The size of the group at the start is drawn from it, and later changes keep to it. */
  readonly size: GroupSize;
  /** Names of the occurrences that take place, from {@link LifeReport.occurrences}; all without it. */
  readonly only?: readonly string[] | undefined;
  /** Called with each line of the log. */
  readonly onLine?: (line: string) => void;
}

/** Result of a life. */
export interface LifeReport {
  readonly seed: number;
  readonly faults: FaultKind;
  /** Whether nothing was found half an hour after the faults, nor after an hour. */
  readonly isWhole: boolean;
  /** Half an hour after the faults; if nothing was found then, an hour after them. */
  readonly findings: readonly Finding[];
  /** Whether something was found after half an hour, and nothing after an hour. */
  readonly isLate: boolean;
  readonly violations: readonly string[];
  /** Number of keys that sealed two messages: a violation, but for lives in which a storage lost a batch. */
  readonly reusedKeys: number;
  readonly lostMessages: number;
  readonly packets: number;
  readonly bytes: number;
  readonly digest: string;
  /** Names of the faults, and of what people did during them, in order. */
  readonly occurrences: readonly string[];
  /** Counts of what happened, such as faults, by name. */
  readonly counts: Readonly<Record<string, number>>;
}

/** Plays one life: a group gathers, lives under faults, and has an hour to recover. */
export async function live(options: LifeOptions): Promise<LifeReport> {
  const { seed, faults, only, onLine } = options;
  const hasStewardVotes = seed % STEWARD_VOTES === 0;
  const consensus = hasStewardVotes ? createStewardConsensus() : undefined;
  const settings = { seed, isStored: needsStorage(faults), consensus, only, onLine, ...rulesOf(options) };
  const world = createWorld(settings);
  const generations = watchGenerations(world);
  const history = watchHistory(world);
  const bounds = watchBounds(world);
  if (hasGuests(faults)) watchDecisions(world, GUEST_PROBATION_MS);
  const door = watchDoor(world, {
    guestShare: settings.guestShare,
    isHostile: hasHostile(faults),
    hasGuests: hasGuests(faults),
  });
  const course = await courseOf(world, history, options).catch((error: unknown) => {
    // Of a timer of the library, or of the clock if time stands still.
    world.violate(`stopped by ${String(error)}`);
    const findings: readonly Finding[] = [{ failure: "stuck", detail: "the life was not played to its end" }];
    return { findings, isLate: false, lostMessages: 0 };
  });
  bounds.settle();
  if (hasGuests(faults)) door.settle();
  return {
    ...{ seed, faults, ...course },
    isWhole: course.findings.length === 0,
    violations: world.violations,
    reusedKeys: generations.reused.length,
    packets: world.packets.packets,
    bytes: world.packets.bytes,
    digest: world.packets.digest(),
    occurrences: world.plan.names,
    counts: Object.fromEntries([...world.counts].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** The rules by which members let others in. */
function rulesOf({ seed, faults }: LifeOptions): Pick<WorldOptions, "probationMs" | "admission"> & {
  readonly guestShare: number;
} {
  if (!hasGuests(faults)) return { probationMs: seed % PROBATIONS === 0 ? PROBATION_MS : 0, guestShare: 0 };
  const guestShare = hasHostile(faults) || seed % BOUNDED === 0 ? GUEST_SHARE : 0;
  return { probationMs: GUEST_PROBATION_MS, guestShare, admission: admitInvited };
}

async function courseOf(
  world: World,
  history: History,
  options: LifeOptions,
): Promise<Pick<LifeReport, "findings" | "isLate" | "lostMessages">> {
  const size = atLeast(smallestSize(options.faults), options.size);
  const isGathered = await gather(world, size, options.faults);
  await storm(world, { ...options, size });
  history.settle();
  const early = [...(await recover(world)), ...lostChat(world, options)];
  const lost = lostMessages(world);
  const late = [...(await recover(world)), ...lostChat(world, options)];
  history.settle();
  const unready: readonly Finding[] = isGathered
    ? []
    : [{ failure: "stuck", detail: "the first members did not all join" }];
  return {
    findings: [...unready, ...(early.length > 0 ? early : late)],
    isLate: early.length > 0 && late.length === 0,
    lostMessages: lost,
  };
}

function lostChat(world: World, { faults }: LifeOptions): readonly Finding[] {
  const lost = countsChat(faults) ? unreportedLosses(world) : 0;
  return lost === 0 ? [] : [{ failure: "chat-lost", detail: `${lost} messages did not arrive, unreported` }];
}

function atLeast(smallest: number, { min, max }: GroupSize): GroupSize {
  return { min: Math.max(smallest, min), max: Math.max(smallest, max) };
}

/** @returns whether all first members have joined. */
async function gather(world: World, { min, max }: GroupSize, faults: FaultKind): Promise<boolean> {
  const random = world.random.fork("size");
  const size = random.integer(min, max);
  const hostile = hasHostile(faults) ? random.integer(0, size - 1) : undefined;
  const joiners = createJoiners(world, world.random.fork("first joiners"));
  const founder = await world.enter({ isHostile: hostile === 0 });
  await founder.create();
  const line = hasGuests(faults) ? await lineFor(founder, size - 1) : undefined;
  for (let i = 1; i < size; i++) {
    const person = await world.enter({ isHostile: hostile === i });
    if (line === undefined) joiners.join(person);
    else await person.attempt(line, { deadlineMs: GATHERING_MS })?.conversation;
  }
  const isGathered = await world.clock.advanceUntil(
    () =>
      world.people.every((person) => isMember(person) && person.conversation?.state.members.length === size),
    GATHERING_MS,
  );
  // The first members are settled before guests come.
  if (line !== undefined) await world.clock.advance(GUEST_PROBATION_MS + MINUTE_MS);
  return isGathered;
}

async function lineFor({ conversation }: Person, uses: number): Promise<string | undefined> {
  return (await conversation?.createInvitation({ uses }))?.line;
}

async function storm(world: World, { faults, loss, size }: LifeOptions): Promise<void> {
  const forMs = durationMs(faults, world.random.fork("duration"));
  world.note("world", () => `faults begin: ${faults}`);
  for (const [name, play] of Object.entries(partsOf(faults)))
    play(world, world.random.fork(name), forMs, size);
  const ends = faultsOf(faults).map(([name, fault]) =>
    fault(world, world.random.fork(name), forMs, { loss }),
  );
  await world.clock.advance(forMs);
  for (const end of ends) end();
  world.note("world", () => "faults end");
}

function partsOf(faults: FaultKind): typeof HONEST {
  if (bringsChanges(faults)) return STEADY;
  return hasGuests(faults) ? QUIET : HONEST;
}

/** Half an hour without faults and with little talk, at whose end each member sends a message. */
async function recover(world: World): Promise<readonly Finding[]> {
  const talkMs = RECOVERY_MS - 2 * ROLL_CALL_MS;
  talk(world, world.random.fork(`calm ${world.clock.monotonicMs()}`), talkMs, 5 * MINUTE_MS);
  await world.clock.advance(RECOVERY_MS - ROLL_CALL_MS);
  const honest = world.people.filter((person) => person.puppet === undefined && !world.door.gone.has(person));
  const rollCall = new Map(
    honest.filter(isMember).map((person) => [person.name, say(world, person, "roll call")]),
  );
  await world.clock.advance(ROLL_CALL_MS);
  const findings = findingsOf(honest.map((person) => viewOf(person, rollCall)));
  for (const { failure, detail } of findings) world.note("verdict", () => `${failure}: ${detail}`);
  return findings;
}
