import { arch, availableParallelism, loadavg, platform } from "node:os";

/** Figures as they are taken: when and on what is noted at the beginning. */
export interface Report {
  /** The figures' table, with when and on what they were taken. */
  with(table: string): string;
}

/** @returns a report that begins now: other work on the machine is what its load is now. */
export function beginReport(): Report {
  const date = new Date().toISOString().slice(0, 10);
  const machine = `${availableParallelism()} shared cores, ${platform()} ${arch()}`;
  const [load = 0] = loadavg();
  const taken = `${date}, Node ${process.versions.node}, ${machine}, at a load of ${load.toFixed(1)} before`;
  return { with: (table) => `${taken}:\n\n${table}` };
}

/** A document with the figures of one name replaced, and nothing else. */
export function withFigures(document: string, name: string, figures: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const from = document.indexOf(begin);
  const to = document.indexOf(end);
  if (from < 0 || to < from) throw new Error(`There is no ${begin} … ${end} to write to.`);
  return `${document.slice(0, from)}${begin}\n\n${figures}\n\n${document.slice(to)}`;
}
