import { figure, markdownTable } from "./markdown-table.js";

/** Target of a figure over a network. */
export type NetworkAim =
  /** In the figure's own unit. */
  | { readonly atLeast: number }
  /** Maximum overhead over plain gossipsub, in the figure's unit. */
  | { readonly atMostOverRaw: number };

/** One line of the table. */
export interface NetworkMeasurement {
  readonly name: string;
  /** Wall-clock milliseconds; messages per second; megabytes of 1,000,000 bytes. */
  readonly unit: "ms" | "1/s" | "MB";
  /** Plain gossipsub. */
  readonly raw: number;
  /** A conversation in the plain framing. */
  readonly plain: number;
  /** A conversation in Waku's framing. */
  readonly waku?: number;
  /** Target for the plain framing. */
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
