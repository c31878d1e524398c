import type { MlsService } from "@demls/mls";
import type { MemberId } from "@demls/wire/core";
import { unusableKeyPackage } from "./user-errors.js";

/**
 * The id of a key package's owner.
 *
 * @throws DemlsError `invalid-key-package` where it is none that could be added anywhere.
 */
export async function identityIn(mls: MlsService, keyPackage: Uint8Array): Promise<MemberId> {
  const inspected = await mls.inspectKeyPackage(keyPackage);
  if (inspected.ok) return inspected.identity;
  throw unusableKeyPackage(inspected.reason);
}
