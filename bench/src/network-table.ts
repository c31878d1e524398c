import { figure, markdownTable } from "./markdown-table.js";

/** What a figure over a network should be. */
export type NetworkAim =
  /** In the figure's own unit. */
  | { readonly atLeast: number }
  /** So much more than gossipsub by itself, in the figure's own unit. */
  | { readonly atMostOverRaw: number };

/** One line of the table. */
export interface NetworkMeasurement {
  readonly name: string;
  /** Milliseconds by the clock on the wall; messages a second; megabytes of 1,000,000 bytes. */
  readonly unit: "ms" | "1/s" | "MB";
  /** gossipsub with nothing over it. */
  readonly raw: number;
  /** A conversation in the plain framing. */
  readonly plain: number;
  /** A conversation in Waku's framing. */
  readonly waku?: number;
  /** Of the plain framing. */
  readonly aim?: NetworkAim;
}

const HEAD = ["what", "unit", "raw gossipsub", "plain", "Waku", "plain − raw", "aim"];

/** The figures as a Markdown table. */
export function networkTable(measurements: readonly NetworkMeasurement[]): string {
  return markdownTable(
    HEAD,
    measurements.map((measurement) => {
      const { name, unit, raw, plain, waku, aim } = measurement;
      const over = unit === "1/s" ? "" : figure(plain - raw);
      return [name, unit, figure(raw), figure(plain), figure(waku), over, aimed(measurement, aim)];
    }),
  );
}

/** The aim, and whether it is met. */
function aimed({ raw, plain }: NetworkMeasurement, aim: NetworkAim | undefined): string {
  if (aim === undefined) return "";
  if ("atLeast" in aim) return `≥ ${aim.atLeast} ${plain >= aim.atLeast ? "met" : "missed"}`;
  const isMet = plain <= raw + aim.atMostOverRaw;
  return `≤ raw + ${aim.atMostOverRaw} ${isMet ? "met" : "missed"}`;
}
