import { readFileSync, writeFileSync } from "node:fs";
import { addCycles } from "./add-cycles.js";
import { commits } from "./commits.js";
import type { Effort } from "./effort.js";
import type { Measurement, Scenario } from "./measurement.js";
import { memory } from "./memory.js";
import { messages } from "./messages.js";
import { network } from "./network.js";
import { networkTable } from "./network-table.js";
import { readOptions, type Options } from "./options.js";
import { overhead } from "./overhead.js";
import { beginReport, withFigures } from "./report.js";
import { storedBytes } from "./storage/bytes.js";
import { longHistory } from "./storage/long-history.js";
import { opening } from "./storage/opening.js";
import { storedSends } from "./storage/sends.js";
import { rustFigures } from "./rust-crate.js";
import { stewardLists } from "./steward-lists.js";
import { table } from "./table.js";
import { traffic } from "./traffic.js";
import { votes } from "./votes.js";

// Memory first, before other measurements allocate.
const IN_PROCESS = [
  ...[memory, opening, messages, commits, votes, stewardLists, overhead, addCycles, traffic],
  ...[storedSends, storedBytes, longHistory],
];

async function main({ only, effort, rust, write }: Options): Promise<void> {
  const isChosen = ({ name }: { readonly name: string }): boolean => name.includes(only);
  const inProcess = IN_PROCESS.filter(isChosen);
  if (inProcess.length === 0 && !isChosen(network))
    throw new Error(
      `--only ${only}: there are ${[...IN_PROCESS, network].map(({ name }) => name).join(", ")}.`,
    );
  // The name of the table in the document.
  const reports: (readonly [name: string, text: string])[] = [];
  if (inProcess.length > 0) reports.push(["figures", await measureInProcess(inProcess, effort, rust)]);
  if (isChosen(network)) reports.push(["network figures", await measureNetwork(effort)]);
  process.stdout.write(`${reports.map(([, text]) => text).join("\n\n")}\n`);
  if (write === undefined) return;
  let document = readFileSync(write, "utf8");
  for (const [name, text] of reports) document = withFigures(document, name, text);
  writeFileSync(write, document);
}

async function measureInProcess(
  scenarios: readonly Scenario[],
  effort: Effort,
  rust: string | undefined,
): Promise<string> {
  const report = beginReport();
  const measurements: Measurement[] = [];
  const figures = new Map<string, number>();
  for (const scenario of scenarios) {
    process.stderr.write(`${scenario.name} …\n`);
    measurements.push(...(await scenario.run(effort)));
    for (const [name, value] of rustFigures(rust, scenario.name, effort.mostMembers))
      figures.set(name, value);
  }
  return report.with(table(measurements, figures));
}

async function measureNetwork(effort: Effort): Promise<string> {
  const report = beginReport();
  process.stderr.write(`${network.name} …\n`);
  return report.with(networkTable(await network.run(effort)));
}

await main(readOptions(process.argv.slice(2)));
