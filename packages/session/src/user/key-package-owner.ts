import type { MlsService } from "@demls/mls";
import type { MemberId } from "@demls/wire/core";
import { unusableKeyPackage } from "./user-errors.js";

/**
 * Member id of a key package's owner.
 *
 * @throws DemlsError `invalid-key-package` if no group could add it.
 */
export async function identityIn(mls: MlsService, keyPackage: Uint8Array): Promise<MemberId> {
  const inspected = await mls.inspectKeyPackage(keyPackage);
  if (inspected.ok) return inspected.identity;
  throw unusableKeyPackage(inspected.reason);
}
