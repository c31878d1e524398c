/** `npm run simulate -- [options]`: plays lives of conversations, and counts those that end whole. */
import { traitsOf, type FaultKind } from "./faults/index.js";
import type { LifeOptions, LifeReport } from "./life/life.js";
import { readOptions, USAGE, type RunOptions } from "./run/options.js";
import { emptyRow, tableOf, withLife, type Row } from "./run/row.js";
import { isFailed, play, type Outcome, type Task } from "./run/task.js";
import { playAll } from "./run/threads.js";

const PROGRESS_MS = 2_000;

/** Lines of a failed life. */
const SHOWN = 3;

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function runKind(options: RunOptions, faults: FaultKind): Promise<Row> {
  const { loss, size, only, replays } = options;
  const tasks = Array.from({ length: options.lives }, (_, i): Task => {
    return { options: { seed: options.seed + i, faults, loss, size, only }, replays };
  });
  let row = emptyRow(faults);
  const unseen = new Set(only === undefined ? traitsOf(faults) : []);
  const startMs = performance.now();
  let shownMs = startMs;
  await playAll(tasks, options.workers, (outcome) => {
    row = withLife(row, outcome.report);
    for (const trait of Object.keys(outcome.report.counts)) unseen.delete(trait);
    tell(outcome, options);
    if (performance.now() - shownMs < PROGRESS_MS) return;
    shownMs = performance.now();
    const rate = row.lives / ((shownMs - startMs) / 1_000);
    process.stderr.write(
      `${faults}: ${row.lives} of ${options.lives}, ${row.whole} whole, ${rate.toFixed(1)}/s\n`,
    );
  });
  if (unseen.size > 0) print(`${faults}: no life has shown ${[...unseen].join(", ")}`);
  return row;
}

function tell({ report, shortened }: Outcome, options: RunOptions): void {
  const { seed, faults, digest } = report;
  if (options.isDigested) print(`${seed} ${faults} ${digest}`);
  if (!isFailed(report)) return;
  print(`${commandOf(report, options)}: ${classesOf(report)}`);
  tellFaults(report);
  if (shortened === undefined) return;
  const { only, story } = shortened;
  print(
    `    shortened from ${report.occurrences.length} occurrences to ${only.length}, ${classesOf(shortened.report)}:`,
  );
  print(`    ${commandOf(report, options)} --only ${only.join(",")}`);
  tellFaults(shortened.report);
  if (story[0] !== undefined) print(`    first packet: ${story[0].trim()}`);
}

function commandOf({ seed, faults }: LifeReport, { loss, size }: RunOptions): string {
  return `--lives 1 --seed ${seed} --faults ${faults} --loss ${loss} --members ${size.min}-${size.max}`;
}

function classesOf({ findings, violations }: LifeReport): string {
  const classes = new Set(findings.map(({ failure }) => failure));
  return [...classes, ...(violations.length > 0 ? ["violated"] : [])].join(", ");
}

function tellFaults({ findings, violations }: LifeReport): void {
  for (const { failure, detail } of findings.slice(0, SHOWN)) print(`    ${failure}: ${detail}`);
  for (const text of violations.slice(0, SHOWN)) print(`    violated: ${text}`);
}

/** Plays one life in this thread, with a log of its events. */
async function trace(options: RunOptions, faults: FaultKind): Promise<void> {
  const { seed, loss, size, only } = options;
  const traced: LifeOptions = { seed, faults, loss, size, only, onLine: print };
  const outcome = await play({ options: traced, replays: 0 });
  tell(outcome, options);
  const { isWhole, digest, counts } = outcome.report;
  print(`whole: ${isWhole}, digest ${digest}, ${JSON.stringify(counts)}`);
}

async function main(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  const [first] = options.faults;
  if (options.isTraced && first !== undefined) return trace(options, first);
  const rows: (readonly [Row, number])[] = [];
  for (const faults of options.faults) {
    const startMs = performance.now();
    rows.push([await runKind(options, faults), (performance.now() - startMs) / 1_000]);
  }
  print(tableOf(rows));
}

// Its reader may want the first lines only.
process.stdout.on("error", () => process.exit());

await main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}\n`);
  process.exitCode = 2;
});
