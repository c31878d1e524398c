import type { TimeText } from "../../terminal/time-text.js";
import type { JoinCommandOptions } from "../join-command.js";

/** Settings of the text of events. */
export interface TextSettings {
  readonly joinOptions: JoinCommandOptions;
  /** Whether elections, scores and epochs are shown. */
  readonly isVerbose: boolean;
  readonly timeOf: TimeText;
}
