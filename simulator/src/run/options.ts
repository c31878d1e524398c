import { parseArgs } from "node:util";
import type { GroupSize } from "../actors/index.js";
import { FAULT_KINDS, type FaultKind } from "../faults/index.js";

/** Settings of a run. */
export interface RunOptions {
  readonly lives: number;
  /** One row of the table each. */
  readonly faults: readonly FaultKind[];
  /** Seed of the first life; the others follow. */
  readonly seed: number;
  readonly loss: number;
  readonly size: GroupSize;
  readonly workers: number;
  /** Names of the occurrences that take place in the one life; all without it. */
  readonly only: readonly string[] | undefined;
  /** Most replays by which a failed life is shortened. */
  readonly replays: number;
  readonly isTraced: boolean;
  /** Whether the digest of every life is printed. */
  readonly isDigested: boolean;
}

export const USAGE = `npm run simulate -- [options]
  --lives N        lives of each kind of faults (100)
  --faults KINDS   ${FAULT_KINDS.join(", ")}; several with commas (all)
  --seed S         seed of the first life, a whole number; the others follow (1)
  --loss SHARE     share of packets lost by the faults loss and all, up to 0.2 (0.02)
  --members MIN-MAX  size of the group (2-8); 50 is the same as 50-50
  --workers N      threads (2)
  --replays N      most replays that shorten a failed life (40); 0 leaves it as it is
  --only NAMES     occurrences that take place, as printed for a failed life; for one life
  --trace          prints a log of the events; for one life
  --digest         prints a hash of the packets of each life`;

const MAX_MEMBERS = 100;
const MAX_LOSS = 0.2;

/** @throws Error for an unknown option or an invalid value. */
export function readOptions(args: readonly string[]): RunOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      lives: { type: "string", default: "100" },
      faults: { type: "string", default: "all" },
      seed: { type: "string", default: "1" },
      loss: { type: "string", default: "0.02" },
      members: { type: "string", default: "2-8" },
      workers: { type: "string", default: "2" },
      replays: { type: "string", default: "40" },
      only: { type: "string" },
      trace: { type: "boolean", default: false },
      digest: { type: "boolean", default: false },
    },
  });
  const options: RunOptions = {
    lives: wholeNumber("lives", values.lives, 1),
    faults: values.faults.split(",").map(faultKind),
    seed: wholeNumber("seed", values.seed, 0),
    loss: share(values.loss),
    size: sizeOf(values.members),
    workers: wholeNumber("workers", values.workers, 1),
    replays: wholeNumber("replays", values.replays, 0),
    only: values.only?.split(",").filter((name) => name !== ""),
    isTraced: values.trace,
    isDigested: values.digest,
  };
  const isOfOne = options.isTraced || options.only !== undefined;
  if (isOfOne && (options.lives > 1 || options.faults.length > 1))
    throw new Error("--trace and --only are for one life: pass --lives 1 and one kind of faults.");
  return options;
}

function wholeNumber(name: string, text: string, min: number): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < min)
    throw new Error(`--${name} ${text}: pass a whole number from ${min}.`);
  return value;
}

function faultKind(text: string): FaultKind {
  const kind = FAULT_KINDS.find((each) => each === text);
  if (kind === undefined) throw new Error(`--faults ${text}: pass some of ${FAULT_KINDS.join(", ")}.`);
  return kind;
}

function share(text: string): number {
  const value = Number(text);
  if (!(value >= 0 && value <= MAX_LOSS))
    throw new Error(`--loss ${text}: pass a share from 0 to ${MAX_LOSS}.`);
  return value;
}

function sizeOf(text: string): GroupSize {
  const [min, max = min] = text.split("-").map((part) => wholeNumber("members", part, 2));
  if (min === undefined || max === undefined || max < min || max > MAX_MEMBERS)
    throw new Error(`--members ${text}: pass MIN-MAX, up to ${MAX_MEMBERS}.`);
  return { min, max };
}
