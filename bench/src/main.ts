import { readFileSync, writeFileSync } from "node:fs";
import { addCycles } from "./add-cycles.js";
import { commits } from "./commits.js";
import type { Measurement } from "./measurement.js";
import { memory } from "./memory.js";
import { messages } from "./messages.js";
import { readOptions, type Options } from "./options.js";
import { overhead } from "./overhead.js";
import { report, withFigures } from "./report.js";
import { rustFigures } from "./rust-crate.js";
import { stewardLists } from "./steward-lists.js";
import { votes } from "./votes.js";

// Memory comes first, before others leave things behind.
const SCENARIOS = [memory, messages, commits, votes, stewardLists, overhead, addCycles];

async function main({ only, effort, rust, write }: Options): Promise<void> {
  const chosen = SCENARIOS.filter(({ name }) => name.includes(only));
  if (chosen.length === 0)
    throw new Error(`--only ${only}: there are ${SCENARIOS.map(({ name }) => name).join(", ")}.`);
  const measurements: Measurement[] = [];
  const figures = new Map<string, number>();
  for (const scenario of chosen) {
    process.stderr.write(`${scenario.name} …\n`);
    measurements.push(...(await scenario.run(effort)));
    for (const [name, value] of rustFigures(rust, scenario.name, effort.mostMembers))
      figures.set(name, value);
  }
  const text = report(measurements, figures);
  process.stdout.write(`${text}\n`);
  if (write !== undefined) writeFileSync(write, withFigures(readFileSync(write, "utf8"), text));
}

await main(readOptions(process.argv.slice(2)));
