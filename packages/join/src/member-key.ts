import { memberKeyOf } from "./invitation-key.js";
import { secretForm } from "./secret-form.js";

/**
 * The key of an invitation that its inviter shares with the members, so that its holder can tell them from strangers. Any
 * holder of the invitation knows it, as do former members that were there when it was issued.
 *
 * @param secret - the secret form, which is left as it is.
 * @returns 32 bytes.
 * @throws DemlsError `invitation-invalid` if `secret` is no secret form.
 */
export function memberKey(secret: Uint8Array): Uint8Array {
  const { seedOrKey: seed } = secretForm(secret);
  const key = memberKeyOf(seed);
  seed.fill(0);
  return key;
}
