import type { Effort } from "./effort.js";

/** Target of a figure. */
export type Aim =
  /** In the figure's own unit. */
  | { readonly atMost: number }
  | { readonly atLeast: number }
  /** Relative to the Rust crate in the same run. */
  | { readonly timesRust: number };

/** One line of the table. */
export interface Measurement {
  readonly name: string;
  /** Name of the figure in the Rust crate's bench. @defaultValue `name` */
  readonly rustName?: string;
  /** Milliseconds of CPU time; bytes, and thousands and millions of them; per cent; a number; a rate, and its part of another. */
  readonly unit: "ms" | "B" | "kB" | "MB" | "%" | "1" | "1/s" | "× none";
  readonly ours: number;
  /** Figure of plain ts-mls with its default crypto provider, if it has a counterpart. */
  readonly tsMls?: number;
  readonly aim?: Aim;
}

/** A group of measurements, selected together. */
export interface Scenario {
  readonly name: string;
  run(effort: Effort): Promise<readonly Measurement[]>;
}
