import type { ConversationConfig } from "./config.js";

/** Inactivity timeouts for which members that may be away are waited for: five minutes with the defaults. */
const AWAY_TIMEOUTS = 5;

/** Time that a member waits for an answer to its first request: three tries of five seconds. */
export const PATIENCE_MS = 15_000;

/** Time in ms for which members that may be away are waited for. */
export function awayMs({ commitInactivityMs }: ConversationConfig): number {
  // A member that starts again may take as long to catch up.
  return Math.max(AWAY_TIMEOUTS * commitInactivityMs, PATIENCE_MS);
}
