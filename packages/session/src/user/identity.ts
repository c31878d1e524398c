import type { MlsService } from "@demls/mls";
import { memberIdFromBytes, type MemberId } from "@demls/wire/core";
import { unusableKeyPackage } from "./user-errors.js";

/** Who a user is: the bytes that name it in every conversation, and a name for people to read. */
export interface Identity {
  /** By default the 20-byte Ethereum address of the key that signs the votes. */
  readonly bytes: Uint8Array;
  /** By default the address with its checksum (EIP-55). */
  readonly display: string;
}

/** The id of an identity. */
export function memberIdOf(identity: Identity): MemberId {
  return memberIdFromBytes(identity.bytes);
}

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
