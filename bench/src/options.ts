import { parseArgs } from "node:util";
import { EFFORTS, type Effort } from "./effort.js";

/** Options of the bench. */
export interface Options {
  /** Substring of the names of the scenarios to run; empty for all. */
  readonly only: string;
  readonly effort: Effort;
  /** The built rust-peer, for the figures of the Rust crate. */
  readonly rust: string | undefined;
  /** File whose table to replace. */
  readonly write: string | undefined;
}

export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string", default: "" },
      fast: { type: "boolean", default: false },
      smoke: { type: "boolean", default: false },
      rust: { type: "string" },
      write: { type: "string" },
    },
  });
  const effort = values.smoke ? EFFORTS.smoke : values.fast ? EFFORTS.fast : EFFORTS.full;
  return { only: values.only, effort, rust: values.rust, write: values.write };
}
