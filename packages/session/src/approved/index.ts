/** Approved changes: their queue, and those that no commit can carry out. */
export { queueApproved } from "./approved-queue.js";
export { referenceOf } from "./key-package-reference.js";
export { dropUncommittable, reportUncommittable, uncommittableChanges } from "./uncommittable-changes.js";
