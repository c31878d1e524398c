import type { MemberId } from "@demls/wire/core";

import type { ScoreDeltas } from "./score-event.js";
import type { ScoringConfig } from "./scoring-config.js";

/** State of {@link createPeerScoring}: plain data, stored with the conversation. */
export interface ScoringState<Scores = ReadonlyMap<MemberId, bigint>> {
  /** The tracked members' scores. */
  readonly scores: Scores;
  readonly config: ScoringConfig;
  readonly deltas: ScoreDeltas;
}
