import { live, type LifeOptions, type LifeReport } from "../life/life.js";
import { shorten, type Shortened } from "./shorten.js";
import { strayErrors } from "./stray-errors.js";

/** A life to play, and to shorten if it fails. */
export interface Task {
  readonly options: LifeOptions;
  /** Most replays that shorten it. */
  readonly replays: number;
}

/** A life that was played. */
export interface Outcome {
  readonly report: LifeReport;
  /** Undefined for a life that has not failed, or without replays. */
  readonly shortened: Shortened | undefined;
}

/** Plays a life in this thread, and shortens it if it fails. */
export async function play({ options, replays }: Task): Promise<Outcome> {
  const report = await liveStrictly(options);
  const shortened =
    isFailed(report) && replays > 0 ? await shorten(options, report, replays, liveStrictly) : undefined;
  return { report, shortened };
}

/** Whether a life is not whole, or breaks an invariant. */
export function isFailed({ findings, violations }: LifeReport): boolean {
  return findings.length > 0 || violations.length > 0;
}

const strays = strayErrors();

/** An error that leaves the library is a violation. */
async function liveStrictly(options: LifeOptions): Promise<LifeReport> {
  const report = await live(options);
  return { ...report, violations: [...report.violations, ...strays.take()] };
}
