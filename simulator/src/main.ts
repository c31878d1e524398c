/** `npm run simulate -- [options]`: plays lives of conversations, and counts those that end whole. */
import type { FaultKind } from "./faults/index.js";
import { live, type LifeOptions, type LifeReport } from "./life/life.js";
import { readOptions, USAGE, type RunOptions } from "./run/options.js";
import { emptyRow, tableOf, withLife, type Row } from "./run/row.js";
import { strayErrors } from "./run/stray-errors.js";
import { playAll } from "./run/threads.js";

const PROGRESS_MS = 2_000;

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function runKind(options: RunOptions, faults: FaultKind): Promise<Row> {
  const lives = Array.from({ length: options.lives }, (_, i): LifeOptions => {
    const { loss, size } = options;
    return { seed: options.seed + i, faults, loss, size };
  });
  let row = emptyRow(faults);
  const startMs = performance.now();
  let shownMs = startMs;
  await playAll(lives, options.workers, (report) => {
    row = withLife(row, report);
    tell(report, options);
    if (performance.now() - shownMs < PROGRESS_MS) return;
    shownMs = performance.now();
    const rate = row.lives / ((shownMs - startMs) / 1_000);
    process.stderr.write(
      `${faults}: ${row.lives} of ${options.lives}, ${row.whole} whole, ${rate.toFixed(1)}/s\n`,
    );
  });
  return row;
}

function tell({ seed, faults, digest, findings, violations }: LifeReport, options: RunOptions): void {
  if (options.isDigested) print(`${seed} ${faults} ${digest}`);
  if (findings.length === 0 && violations.length === 0) return;
  const classes = [...new Set(findings.map(({ failure }) => failure))].join(", ");
  print(`--seed ${seed} --faults ${faults}: ${classes}`);
  for (const { failure, detail } of findings.slice(0, 3)) print(`    ${failure}: ${detail}`);
  for (const text of violations.slice(0, 3)) print(`    violated: ${text}`);
}

/** Plays one life in this thread, with a log of its events. */
async function trace(options: RunOptions, faults: FaultKind): Promise<void> {
  const { seed, loss, size } = options;
  const strays = strayErrors();
  const report = await live({ seed, faults, loss, size, onLine: print });
  tell({ ...report, violations: [...report.violations, ...strays.take()] }, options);
  print(`whole: ${report.isWhole}, digest ${report.digest}, ${JSON.stringify(report.counts)}`);
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
