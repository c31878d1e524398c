import { figure, markdownTable } from "./markdown-table.js";
import type { Aim, Measurement } from "./measurement.js";
import type { RustFigures } from "./rust-crate.js";

const HEAD = ["what", "unit", "ours", "aim", "bare ts-mls", "ts-mls / ours", "Rust", "ours / Rust"];

/** The figures as a Markdown table. */
export function table(measurements: readonly Measurement[], rust: RustFigures): string {
  const rows = measurements.map((measurement) =>
    row(measurement, rust.get(measurement.rustName ?? measurement.name)),
  );
  return markdownTable(HEAD, rows);
}

function row({ name, unit, ours, tsMls, aim }: Measurement, rust: number | undefined): readonly string[] {
  return [
    name,
    unit,
    figure(ours),
    aim === undefined ? "" : aimed(aim, ours, rust),
    figure(tsMls),
    ratio(tsMls, ours),
    figure(rust),
    ratio(ours, rust),
  ];
}

/** Formats the target, and whether it is met. */
function aimed(aim: Aim, ours: number, rust: number | undefined): string {
  if ("atLeast" in aim) return `≥ ${aim.atLeast} ${ours >= aim.atLeast ? "met" : "missed"}`;
  const limit = "atMost" in aim ? aim.atMost : rust && rust * aim.timesRust;
  const wanted = "atMost" in aim ? `≤ ${aim.atMost}` : `≤ ${aim.timesRust} × Rust`;
  if (limit === undefined) return wanted;
  return `${wanted} ${ours <= limit ? "met" : "missed"}`;
}

function ratio(dividend: number | undefined, divisor: number | undefined): string {
  if (dividend === undefined || divisor === undefined) return "";
  return `${figure(dividend / divisor)} ×`;
}
