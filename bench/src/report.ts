import { arch, availableParallelism, platform } from "node:os";
import type { Measurement } from "./measurement.js";
import type { RustFigures } from "./rust-crate.js";
import { table } from "./table.js";

const BEGIN = "<!-- figures -->";
const END = "<!-- end of figures -->";

/** The figures, with when and on what they were taken. */
export function report(measurements: readonly Measurement[], rust: RustFigures): string {
  const date = new Date().toISOString().slice(0, 10);
  const machine = `${availableParallelism()} shared cores, ${platform()} ${arch()}`;
  return `${date}, Node ${process.versions.node}, ${machine}:\n\n${table(measurements, rust)}`;
}

/** A document with its figures replaced, and nothing else. */
export function withFigures(document: string, figures: string): string {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`There is no ${BEGIN} … ${END} to write to.`);
  return `${document.slice(0, begin)}${BEGIN}\n\n${figures}\n\n${document.slice(end)}`;
}
