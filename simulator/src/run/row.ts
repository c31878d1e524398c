import { FAILURES, type Failure } from "../life/verdict.js";
import type { LifeReport } from "../life/life.js";
import type { FaultKind } from "../faults/index.js";

/** Sums over the lives of one kind of faults. */
export interface Row {
  readonly faults: FaultKind;
  readonly lives: number;
  readonly whole: number;
  /** Lives that were whole an hour after the faults, and not half an hour after them. */
  readonly late: number;
  /** Number of lives that each failure occurs in. */
  readonly failures: Readonly<Record<Failure, number>>;
  /** Number of lives that break an invariant. */
  readonly violated: number;
  /** Number of lives in which a key sealed two messages. */
  readonly reused: number;
  readonly lostMessages: number;
  readonly packets: number;
  readonly bytes: number;
}

export function emptyRow(faults: FaultKind): Row {
  const failures = Object.fromEntries(FAILURES.map((failure) => [failure, 0])) as Record<Failure, number>;
  const sums = { lives: 0, whole: 0, late: 0, violated: 0, reused: 0, lostMessages: 0, packets: 0, bytes: 0 };
  return { faults, failures, ...sums };
}

export function withLife(row: Row, report: LifeReport): Row {
  const failed = new Set(report.findings.map(({ failure }) => failure));
  return {
    faults: row.faults,
    lives: row.lives + 1,
    whole: row.whole + Number(report.isWhole),
    late: row.late + Number(report.isLate),
    failures: Object.fromEntries(
      FAILURES.map((failure) => [failure, row.failures[failure] + Number(failed.has(failure))]),
    ) as Record<Failure, number>,
    violated: row.violated + Number(report.violations.length > 0),
    reused: row.reused + Number(report.reusedKeys > 0),
    lostMessages: row.lostMessages + report.lostMessages,
    packets: row.packets + report.packets,
    bytes: row.bytes + report.bytes,
  };
}

/** A Markdown table of rows, with the number of lives in an hour by their wall times. */
export function tableOf(rows: readonly (readonly [row: Row, seconds: number])[]): string {
  const shown = FAILURES.filter((failure) => rows.some(([row]) => row.failures[failure] > 0));
  const head = [
    "faults",
    "lives",
    "whole",
    ...shown,
    "late",
    "violated",
    "reused keys",
    "lost chat",
    "packets",
    "kB",
    "lives/h",
  ];
  const lines = rows.map(([row, seconds]) => [
    row.faults,
    ...[row.lives, row.whole],
    ...shown.map((failure) => row.failures[failure]),
    ...[row.late, row.violated, row.reused],
    (row.lostMessages / row.lives).toFixed(1),
    Math.round(row.packets / row.lives),
    Math.round(row.bytes / row.lives / 1_000),
    Math.round((row.lives / seconds) * 3_600),
  ]);
  return [head, head.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
