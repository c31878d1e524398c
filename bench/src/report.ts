import { arch, availableParallelism, loadavg, platform } from "node:os";

/** A report that records the date and the machine at its start. */
export interface Report {
  /** The table with the date and the machine. */
  with(table: string): string;
}

/** Starts a report; the current load of the machine is that of other processes. */
export function beginReport(): Report {
  const date = new Date().toISOString().slice(0, 10);
  const machine = `${availableParallelism()} shared cores, ${platform()} ${arch()}`;
  const [load = 0] = loadavg();
  const taken = `${date}, Node ${process.versions.node}, ${machine}, at a load of ${load.toFixed(1)} before`;
  return { with: (table) => `${taken}:\n\n${table}` };
}

/** Replaces the figures of one name in a document. */
export function withFigures(document: string, name: string, figures: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const from = document.indexOf(begin);
  const to = document.indexOf(end);
  if (from < 0 || to < from) throw new Error(`The document has no section ${begin} … ${end}.`);
  return `${document.slice(0, from)}${begin}\n\n${figures}\n\n${document.slice(to)}`;
}
