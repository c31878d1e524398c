import type { ActiveTransaction } from "../model/transaction.js";

/** References of approved key packages. They follow from the bytes, which never change; an inspection verifies two signatures. */
const known = new WeakMap<Uint8Array, string>();

/** Reference of a key package; a commit cannot contain one that has expired since. */
export async function referenceOf(
  { env }: ActiveTransaction,
  keyPackage: Uint8Array,
): Promise<string | undefined> {
  const reference = known.get(keyPackage);
  if (reference !== undefined) return reference;
  const found = await env.plugins.mls.inspectKeyPackage(keyPackage);
  if (!found.ok) return undefined;
  known.set(keyPackage, found.reference);
  return found.reference;
}
