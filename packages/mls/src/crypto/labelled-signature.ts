import { DemlsError } from "@demls/wire/core";
import { signWithLabel, verifyWithLabel, type Signature } from "../ts-mls.js";

/** Labels that RFC 9420 signs with (§ 17.7). */
const RESERVED_LABELS: readonly string[] = [
  "FramedContentTBS",
  "LeafNodeTBS",
  "KeyPackageTBS",
  "GroupInfoTBS",
];

/** See {@link MlsService.sign}. */
export async function sign(
  signature: Signature,
  privateKey: Uint8Array,
  label: string,
  content: Uint8Array,
): Promise<Uint8Array> {
  if (RESERVED_LABELS.includes(label))
    throw new DemlsError("reserved-label", {
      message: `MLS itself signs with the label ${label}.`,
      field: "label",
      remedy: "Pass a label of your own protocol.",
    });
  return signWithLabel(privateKey, label, content, signature);
}

/** See {@link MlsService.verify}. */
export async function verify(
  signature: Signature,
  publicKey: Uint8Array,
  label: string,
  content: Uint8Array,
  value: Uint8Array,
): Promise<boolean> {
  return !RESERVED_LABELS.includes(label) && verifyWithLabel(publicKey, label, content, value, signature);
}
