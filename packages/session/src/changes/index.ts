/** Requested membership changes, and approved ones that wait for a commit. */
export { keepChanges, queueChanges, queueEarlierChanges, setUrgent } from "./approved.js";
export { deletePending, keepPending, putPending, setProposalDue } from "./pending.js";
