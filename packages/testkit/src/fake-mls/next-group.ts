import { changedLeaves, type Change } from "./changes.js";
import { decodeFields, hashOf } from "./fields.js";
import { groupOf, type FakeGroup } from "./group.js";
import { publicKeyOf } from "./key-package.js";
import { decodeRenewedKey } from "./leaf-codec.js";

/**
 * Next epoch after a commit, for a remaining member. Its secret depends on the previous epoch and on the whole commit,
 * so two members have the same one exactly when their histories are equal.
 *
 * @returns `undefined` when the changes are impossible.
 */
export function nextGroup(
  group: FakeGroup,
  changes: readonly Change[],
  committer: number,
  commitBody: Uint8Array,
): FakeGroup | undefined {
  const { current, ownLeaf } = group.state;
  const [pathSecret, , renewed] = decodeFields(commitBody) ?? [];
  if (pathSecret === undefined || renewed === undefined) return undefined;
  const keys = { leafKey: publicKeyOf(pathSecret), ...decodeRenewedKey(renewed) };
  const leaves = changedLeaves(current.leaves, changes, committer, keys);
  if (leaves?.[ownLeaf] === undefined) return undefined;
  const secret = hashOf("epoch", current.secret, committer, commitBody);
  const next = { number: current.number + 1n, secret, leaves, ratchets: [] };
  return groupOf(group, { ownLeaf, current: next, past: undefined });
}
