/** The current epoch, as this member entered it. */
export { enterNow, keepVoters, noteDivergence, noteGap, setVotesDue } from "./epoch.js";
