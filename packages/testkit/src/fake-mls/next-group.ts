import { changedLeaves, type Change } from "./changes.js";
import { decodeFields, hashOf } from "./fields.js";
import { groupOf, type FakeGroup } from "./group.js";
import { publicKeyOf } from "./key-package.js";

/**
 * The epoch that a commit leads to, for someone who stays. Its secret hangs on the epoch before and on all that
 * the commit says, so it is the same for two members exactly when their histories are.
 *
 * @returns `undefined` where the changes cannot be made.
 */
export function nextGroup(
  group: FakeGroup,
  changes: readonly Change[],
  committer: number,
  commitBody: Uint8Array,
): FakeGroup | undefined {
  const { current, ownLeaf } = group.state;
  const [pathSecret] = decodeFields(commitBody) ?? [];
  if (pathSecret === undefined) return undefined;
  const leaves = changedLeaves(current.leaves, changes, committer, publicKeyOf(pathSecret));
  if (leaves?.[ownLeaf] === undefined) return undefined;
  const secret = hashOf("epoch", current.secret, committer, commitBody);
  const next = { number: current.number + 1n, secret, leaves, ratchets: [] };
  return groupOf(group.groupId, group.requiredExtensions, { ownLeaf, current: next, past: undefined });
}
