/** SHA-256: that of the browser is asynchronous, and slower for short data. */
export { sha256 } from "@noble/hashes/sha2.js";
