/** The age of the keys of this member's leaf, and commits without changes, which renew those of their committer. */
export {
  anchorKeyRenewal,
  dropKeyAnchor,
  isKeyRenewal,
  isKeyRenewalDue,
  keyRenewalDueMs,
  keyRenewalFreezeMs,
  mayRenewKeys,
  noteKeyAge,
  noteOwnCandidate,
  noteRenewal,
  renewKeys,
  renewUnattendedKeys,
} from "./key-renewal.js";
