import { toJson } from "demls";
import { chat, createJoiners, HONEST, isMember, say, type GroupSize } from "../actors/index.js";
import { faultsOf, LOST_BATCHES, needsStorage, type FaultKind } from "../faults/index.js";
import { createWorld, type World } from "../world/world.js";
import { overfull } from "./bounds.js";
import { findingsOf, type Finding } from "./verdict.js";
import { lostMessages, viewOf } from "./view.js";

const MINUTE_MS = 60_000;

/** Time for the first members to join, before any fault. */
const GATHERING_MS = 60 * MINUTE_MS;
const STORM_MS = 30 * MINUTE_MS;
/** Time from the end of the faults until all must be whole. */
const RECOVERY_MS = 30 * MINUTE_MS;
/** Time for the last messages to arrive. */
const ROLL_CALL_MS = MINUTE_MS;

const CHECK_MS = MINUTE_MS;

/** Settings of a life. */
export interface LifeOptions {
  readonly seed: number;
  readonly faults: FaultKind;
  /** Share of packets that the fault `loss` loses. */
  readonly loss: number;
  /** The size of the group at the start is drawn from it, and later changes keep to it. */
  readonly size: GroupSize;
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
  /** Counts of what happened, such as faults, by name. */
  readonly counts: Readonly<Record<string, number>>;
}

/** Plays one life: a group gathers, lives half an hour under faults, and has an hour to recover. */
export async function live(options: LifeOptions): Promise<LifeReport> {
  const { seed, faults, onLine } = options;
  const world = createWorld({ seed, isStored: needsStorage(faults), onLine });
  const course = await courseOf(world, options).catch((error: unknown) => {
    // Of a timer of the library, or of the clock if time stands still.
    world.violate(`stopped by ${String(error)}`);
    const findings: readonly Finding[] = [{ failure: "stuck", detail: "the life was not played to its end" }];
    return { findings, isLate: false, lostMessages: 0 };
  });
  const { reused } = world.generations;
  // A storage that loses an acknowledged batch may lose the generations that were sealed.
  if (!world.counts.has(LOST_BATCHES))
    for (const generation of reused) world.violate(`sealed twice: ${JSON.stringify(toJson(generation))}`);
  return {
    ...{ seed, faults, ...course },
    isWhole: course.findings.length === 0,
    violations: world.violations,
    reusedKeys: reused.length,
    packets: world.packets.packets,
    bytes: world.packets.bytes,
    digest: world.packets.digest(),
    counts: Object.fromEntries([...world.counts].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

async function courseOf(
  world: World,
  options: LifeOptions,
): Promise<Pick<LifeReport, "findings" | "isLate" | "lostMessages">> {
  const isGathered = await gather(world, options.size);
  await storm(world, options);
  const early = await recover(world);
  const lost = lostMessages(world);
  const late = await recover(world);
  const unready: readonly Finding[] = isGathered
    ? []
    : [{ failure: "stuck", detail: "the first members did not all join" }];
  return {
    findings: [...unready, ...(early.length > 0 ? early : late)],
    isLate: early.length > 0 && late.length === 0,
    lostMessages: lost,
  };
}

/** @returns whether all first members have joined. */
async function gather(world: World, { min, max }: GroupSize): Promise<boolean> {
  const size = world.random.fork("size").integer(min, max);
  const joiners = createJoiners(world, world.random.fork("first joiners"));
  const founder = await world.enter();
  await founder.create();
  for (let i = 1; i < size; i++) joiners.join(await world.enter());
  return world.clock.advanceUntil(
    () =>
      world.people.every((person) => isMember(person) && person.conversation?.state.members.length === size),
    GATHERING_MS,
  );
}

async function storm(world: World, { faults, loss, size }: LifeOptions): Promise<void> {
  world.note("world", () => `faults begin: ${faults}`);
  for (const [name, play] of Object.entries(HONEST)) play(world, world.random.fork(name), STORM_MS, size);
  const ends = faultsOf(faults).map(([name, fault]) =>
    fault(world, world.random.fork(name), STORM_MS, { loss }),
  );
  await advance(world, STORM_MS);
  for (const end of ends) end();
  world.note("world", () => "faults end");
}

/** Half an hour without faults and with little talk, at whose end each member sends a message. */
async function recover(world: World): Promise<readonly Finding[]> {
  const talkMs = RECOVERY_MS - 2 * ROLL_CALL_MS;
  chat(5 * MINUTE_MS)(world, world.random.fork(`calm ${world.clock.monotonicMs()}`), talkMs);
  await advance(world, RECOVERY_MS - ROLL_CALL_MS);
  const rollCall = new Map(
    world.people.filter(isMember).map((person) => [person.name, say(world, person, "roll call")]),
  );
  await advance(world, ROLL_CALL_MS);
  const findings = findingsOf(world.people.map((person) => viewOf(person, rollCall)));
  for (const { failure, detail } of findings) world.note("verdict", () => `${failure}: ${detail}`);
  return findings;
}

/** Advances time, and checks the bounds every minute. */
async function advance(world: World, ms: number): Promise<void> {
  for (let leftMs = ms; leftMs > 0; leftMs -= CHECK_MS) {
    await world.clock.advance(Math.min(leftMs, CHECK_MS));
    for (const person of world.people) for (const text of overfull(person)) world.violate(text);
  }
}
