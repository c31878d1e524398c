import { leafName, succeedsKey, type AddCheck, type ReplaceCheck } from "@demls/mls";
import { addsRejectReason } from "./changes.js";
import { bytesEqual } from "@demls/wire/core";
import type { FakeContext } from "./context.js";
import type { FakeGroup, Leaf } from "./group.js";
import { inspectKeyPackage, parseKeyPackage } from "./key-package.js";

/** For checks of keys alone. */
const ANY_GROUP = { groupId: "", name: "", requiredExtensions: [] };

/** See `MlsService.canAdd`. */
export function canAdd(
  context: FakeContext,
  group: FakeGroup,
  bytes: Uint8Array,
  besides: readonly Uint8Array[],
): AddCheck {
  const found = inspectKeyPackage(bytes, context.nowSeconds());
  if (!found.ok) return found;
  const { keyPackage, ...inspection } = found;
  if (group.members.includes(inspection.identity)) return { ok: false, reason: "already-member" };
  const present = group.state.current.leaves.filter((leaf) => leaf !== undefined);
  const reason = addsRejectReason(present, [keyPackage], group);
  if (reason !== undefined) return { ok: false, reason: reason };
  for (const rival of besides.map(parseKeyPackage)) {
    if (rival === undefined || rival.reference === keyPackage.reference) continue;
    const clash = addsRejectReason([], [keyPackage, rival], ANY_GROUP);
    // Two key packages of one member with different keys are compatible, by their keys.
    if (clash !== undefined && clash !== "already-member") return { ok: false, reason: clash };
  }
  return inspection;
}

/** See `MlsService.canReplace`. */
export function canReplace(context: FakeContext, group: FakeGroup, bytes: Uint8Array): ReplaceCheck {
  const found = inspectKeyPackage(bytes, context.nowSeconds());
  if (!found.ok) return found;
  const { keyPackage, ...inspection } = found;
  const leaf = group.state.current.leaves.find((each) => each?.member === inspection.identity);
  const admission = leaf?.admission;
  if (leaf === undefined || admission === undefined) return { ok: false, reason: "not-a-member" };
  if (!inspection.replaces.some((each) => bytesEqual(each, leafName(group.name, admission))))
    return { ok: false, reason: "other-leaf" };
  if (!succeedsKey(inspection, leaf)) return { ok: false, reason: "superseded-key" };
  const others = group.state.current.leaves.filter((each) => each !== undefined && each !== leaf);
  const reason = addsRejectReason(others as Leaf[], [keyPackage], group);
  return reason === undefined ? inspection : { ok: false, reason };
}
