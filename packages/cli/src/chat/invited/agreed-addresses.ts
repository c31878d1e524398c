import { isPrivate } from "../network/private-addresses.js";

/** The addresses of an invitation, whose author chose them. */
export interface AgreedAddresses {
  readonly dialled: readonly string[];
  /** Those of this machine and its network, to which this user has not agreed. */
  readonly leftOut: readonly string[];
}

/**
 * Decides which addresses of somebody else's invitation are dialled. Those of this machine and of its network need this
 * user's consent: the author could have this machine connect to whatever listens there.
 *
 * @param agrees whether this user agrees to these; `false` if it cannot be asked.
 */
export async function agreedAddresses(
  addresses: readonly string[],
  agrees: (addresses: readonly string[]) => Promise<boolean>,
): Promise<AgreedAddresses> {
  const inner = addresses.filter(isPrivate);
  if (inner.length === 0 || (await agrees(inner))) return { dialled: addresses, leftOut: [] };
  return { dialled: addresses.filter((address) => !isPrivate(address)), leftOut: inner };
}
