import { createSeededRandom, type SeededRandom } from "@demls/testkit";
import type { CommitView, EpochView, Patience } from "../../src/closing/strict/merge-rules.js";

/** A view that can be printed: what its functions answer is listed too. */
export interface GeneratedView extends EpochView {
  readonly seed: string;
  /** Members of which {@link EpochView.wasPresent} is true. */
  readonly present: ReadonlySet<number>;
  /** Members of which {@link EpochView.wasHeardSince} is true. */
  readonly heardSince: ReadonlySet<number>;
}

const NAMES = ["A", "B", "C", "D"];

const NONE: ReadonlySet<number> = new Set();

/**
 * A view of one member about the end of its epoch, as `viewOfEpoch` may build it. The shares of silent, dishonest and
 * present members are drawn for each view, so that all members agreeing is as common as a draw.
 */
export function generateView(seed: string): GeneratedView {
  const random = createSeededRandom(seed);
  const members = memberCount(random);
  const positions = Array.from({ length: members }, (_, position) => position);
  const own = random.pick(positions);
  const candidates = generateCommits(random, positions);
  const leaving = new Set(candidates.flatMap(({ leavers }) => [...leavers]));
  const choices = generateChoices(random, positions, own, candidates, leaving);
  const chosenHere = choices.get(own) ?? new Set();
  const isNamed = (hash: string) => [...choices.values()].some((hashes) => hashes.has(hash));
  const commits = candidates
    // A commit that is neither held nor chosen is not known to exist.
    .filter(({ hash, isHeld }) => isHeld || isNamed(hash))
    .map((commit) => ({
      ...commit,
      isLawful: commit.isLawful || (commit.isHeld && chosenHere.has(commit.hash)),
    }));
  const patience = random.pick<Patience>([
    { absentMs: 20, awayMs: 300 },
    { absentMs: 20, awayMs: 30 },
    { absentMs: 200, awayMs: 100 },
  ]);
  const present = new Set([own, ...subset(random, positions, random.pick([0, 30, 70, 100]))]);
  // A member that was heard since the own choice was heard in this epoch, and so was there.
  const heardSince = new Set(
    subset(random, [...present], random.pick([0, 50, 100])).filter((at) => at !== own),
  );
  return {
    ...{ seed, members, commits, choices, patience, present, heardSince },
    // Before the freeze has ended, a member that starts again knows its choice, but not since when it waits.
    waitedMs: choices.has(own) && chance(random, 95) ? waitedTime(random, patience) : undefined,
    // The member that has served is another one, whose choice is known.
    isPast: positions.some((at) => at !== own && choices.has(at)) && chance(random, 40),
    wasPresent: (position) => present.has(position),
    wasHeardSince: (position) => heardSince.has(position),
  };
}

/** The view as JSON to read, with its seed. */
export function printView(view: GeneratedView): string {
  const plain = (_key: string, value: unknown): unknown => {
    if (value instanceof Map) return Object.fromEntries(value);
    return value instanceof Set ? [...(value as Set<unknown>)] : value;
  };
  return JSON.stringify(view, plain, 2).replace(/\[[^[\]{}]*\]/g, (list) => list.replace(/\s+/g, " "));
}

/** Small groups, and a few larger ones: from eight members on, two commits of unequal support exceed a third. */
function memberCount(random: SeededRandom): number {
  return chance(random, 90) ? random.integer(2, 7) : random.integer(8, 9);
}

function generateCommits(random: SeededRandom, positions: readonly number[]): CommitView[] {
  const names = NAMES.slice(0, random.integer(1, NAMES.length));
  const heldPercent = random.pick([60, 90, 100]);
  const lawfulPercent = random.pick([20, 60, 100]);
  const renewalPercent = random.pick([0, 30, 80]);
  const removalPercent = random.pick([0, 50, 100]);
  const leaving = subset(random, positions, random.pick([0, 20, 50]));
  const held = names.filter(() => chance(random, heldPercent));
  const ranked = random.shuffle(held);
  return names.map((hash): CommitView => {
    const rank = ranked.indexOf(hash);
    if (rank < 0) {
      return {
        ...{ hash, isHeld: false, isLawful: false, rank: -1, isKeyRenewal: false },
        ...{ leavers: NONE, removed: NONE },
      };
    }
    const isKeyRenewal = chance(random, renewalPercent);
    const removes = !isKeyRenewal && chance(random, removalPercent);
    const leavers = new Set(removes ? subset(random, leaving, 70) : []);
    const removed = new Set([...leavers, ...(removes ? subset(random, positions, 20) : [])]);
    const isLawful = chance(random, lawfulPercent);
    return { hash, isHeld: true, isLawful, rank, isKeyRenewal, leavers, removed };
  });
}

function generateChoices(
  random: SeededRandom,
  positions: readonly number[],
  own: number,
  commits: readonly CommitView[],
  leaving: ReadonlySet<number>,
): Map<number, Set<string>> {
  const hashes = commits.map(({ hash }) => hash);
  const [favourite, rival] = [random.pick(hashes), random.pick(hashes)];
  const favouritePercent = random.pick([30, 50, 80, 100]);
  const silentPercent = random.pick([0, 20, 50, 80]);
  const dishonestPercent = random.pick([0, 0, 10, 40]);
  // "A member whose leave is approved chooses none", unless it is hostile or the others approve it later.
  const leaverPercent = random.pick([0, 0, 50]);
  const ownPercent = random.pick([0, 100, 100, 100]);
  const one = () => (chance(random, favouritePercent) ? favourite : random.pick([rival, ...hashes]));
  const choices = new Map<number, Set<string>>();
  for (const position of random.shuffle(positions)) {
    const percent =
      position === own ? ownPercent : leaving.has(position) ? leaverPercent : 100 - silentPercent;
    if (!chance(random, percent)) continue;
    const isDishonest = hashes.length > 1 && chance(random, dishonestPercent);
    choices.set(position, new Set(isDishonest ? random.shuffle(hashes).slice(0, 2) : [one()]));
  }
  return choices;
}

/** A time at or around one of those after which rule 3 may apply, or any other. */
function waitedTime(random: SeededRandom, { absentMs, awayMs }: Patience): number {
  const boundary = random.pick([absentMs, awayMs, 3 * awayMs]);
  const exact = boundary + random.pick([-1, 0, 1]);
  return random.pick([exact, exact, random.integer(0, 4 * awayMs), 0]);
}

function subset<T>(random: SeededRandom, list: readonly T[], percent: number): T[] {
  return list.filter(() => chance(random, percent));
}

function chance(random: SeededRandom, percent: number): boolean {
  return random.integer(1, 100) <= percent;
}
