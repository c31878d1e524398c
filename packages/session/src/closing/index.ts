/** The end of an epoch: from the first candidate to the merged commit. docs/closing.md tells how. */
export { advanceClosing } from "./advance.js";
export { anchorInactivity, forceFreeze, ownCandidate } from "./freeze.js";
export { endReelection } from "./phase.js";
export { candidateProgress, violationOf } from "./progress.js";
export { receiveCandidate, refuseCandidates } from "./receive-candidate.js";
export { firstCommit, mergeFirst } from "./strict/first-commit.js";
export { closingTimer } from "./timers.js";
