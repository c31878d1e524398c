import type { LifeOptions, LifeReport } from "../life/life.js";

/** A failed life with fewer occurrences, which fails in the same way. */
export interface Shortened {
  /** In order. */
  readonly only: readonly string[];
  readonly report: LifeReport;
  /** Log lines of the occurrences. */
  readonly story: readonly string[];
}

/** Plays a life. */
export type Play = (options: LifeOptions) => Promise<LifeReport>;

/**
 * Shortens a failed life: first by whole kinds of occurrences, then to a beginning that fails while a shorter one does
 * not, by bisection, then by delta debugging (Zeller and Hildebrandt 2002). Deterministic.
 *
 * @param replays most replays
 */
export async function shorten(
  options: LifeOptions,
  failed: LifeReport,
  replays: number,
  play: Play,
): Promise<Shortened> {
  let left = replays;
  let best: { readonly only: readonly string[]; readonly report: LifeReport } = {
    only: failed.occurrences,
    report: failed,
  };

  /** Whether the life fails with these occurrences alone. Without a replay left, it is taken to be whole. */
  async function fails(only: readonly string[]): Promise<boolean> {
    if (left === 0) return false;
    left -= 1;
    const report = await play({ ...options, only });
    if (!isAlike(failed, report)) return false;
    best = { only, report };
    return true;
  }

  // A part of the occurrences at once, such as all chat.
  for (const kind of new Set(failed.occurrences.map(kindOf)))
    await fails(best.only.filter((name) => kindOf(name) !== kind));

  const all = best.only;
  let [whole, fatal] = [0, all.length];
  while (fatal - whole > 1) {
    const middle = Math.floor((whole + fatal) / 2);
    if (await fails(all.slice(0, middle))) fatal = middle;
    else whole = middle;
  }

  for (let parts = 2; left > 0 && best.only.length > 1;) {
    const size = Math.ceil(best.only.length / parts);
    let isShorter = false;
    for (let from = 0; from < best.only.length && !isShorter; from += size)
      isShorter = await fails([...best.only.slice(0, from), ...best.only.slice(from + size)]);
    if (isShorter) parts = Math.max(2, parts - 1);
    else if (size === 1) break;
    else parts = Math.min(best.only.length, 2 * parts);
  }
  return { ...best, story: await storyOf(options, best.only, play) };
}

/** The first word of a name. */
function kindOf(name: string): string {
  return name.slice(0, name.indexOf("-"));
}

/** Whether two lives fail in a way that they have in common. */
function isAlike(a: LifeReport, b: LifeReport): boolean {
  if (a.violations.length > 0) return b.violations.length > 0;
  return a.findings.some(({ failure }) => b.findings.some((other) => other.failure === failure));
}

/** Log lines of losses, which name their packets. */
async function storyOf(
  options: LifeOptions,
  only: readonly string[],
  play: Play,
): Promise<readonly string[]> {
  const story: string[] = [];
  await play({
    ...options,
    only,
    onLine: (line) => void (/ loss-\S+ loses /.test(line) && story.push(line)),
  });
  return story;
}
