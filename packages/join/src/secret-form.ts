import { decodeForm, SEED_BYTES, type InvitationForm } from "./invitation-codec.js";
import { invitationInvalid } from "./invitation-errors.js";

/** Decodes a secret form. The caller wipes the seed. @throws DemlsError `invitation-invalid` */
export function secretForm(secret: Uint8Array): InvitationForm {
  const decoded = decodeForm(secret, SEED_BYTES);
  if (!decoded.ok) throw invitationInvalid(decoded.reason);
  return decoded.form;
}
