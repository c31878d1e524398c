/** This member's own standing among the others: its height, catching up, and the signs that it is left behind. */
export { beginUnconfirmed, catchUpDueMs, enterEpoch, runCatchUp } from "./catch-up.js";
export { leftBehindAtMs } from "./left-behind.js";
export { noteAlone, noteNews } from "./news.js";
export { closesFromMs, isUnconfirmed, mayClose, passUnconfirmed } from "./own-height.js";
export { standingOf } from "./standing.js";
