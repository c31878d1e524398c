import type { Effort } from "./effort.js";

/** What a figure should be. */
export type Aim =
  /** In the figure's own unit. */
  | { readonly atMost: number }
  /** Relative to the Rust crate in the same run. */
  | { readonly timesRust: number };

/** One line of the table. */
export interface Measurement {
  readonly name: string;
  /** Under which name the Rust crate's bench reports its figure. @defaultValue `name` */
  readonly rustName?: string;
  /** Milliseconds of CPU time; kilobytes of 1,000 bytes; per cent. */
  readonly unit: "ms" | "kB" | "%";
  readonly ours: number;
  /** Bare ts-mls with its own crypto provider, where it has a counterpart. */
  readonly tsMls?: number;
  readonly aim?: Aim;
}

/** Measurements that belong together and are chosen together. */
export interface Scenario {
  readonly name: string;
  run(effort: Effort): Promise<readonly Measurement[]>;
}
