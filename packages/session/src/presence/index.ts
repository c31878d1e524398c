/** The other members: when they were heard last, and whether they count as absent. */
export { countMissedEpochs, hasMissedEpoch, isAbsent, isMajorityThere, presentStewards } from "./absence.js";
export { forgetHeard, HEARD_PRECISION_MS, noteHeard } from "./heard.js";
