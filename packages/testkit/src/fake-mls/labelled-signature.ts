import { bytesEqual, concatBytes, DemlsError } from "@demls/wire/core";
import { hashOf } from "./fields.js";

const RESERVED_LABELS: readonly string[] = [
  "FramedContentTBS",
  "LeafNodeTBS",
  "KeyPackageTBS",
  "GroupInfoTBS",
];

/** See `MlsService.sign`. Anyone can compute the 64 bytes: they stand for a signature and prove nothing. */
export function sign(publicKey: Uint8Array, label: string, content: Uint8Array): Uint8Array {
  if (RESERVED_LABELS.includes(label))
    throw new DemlsError("reserved-label", {
      message: `MLS itself signs with the label ${label}.`,
      field: "label",
      remedy: "Pass a label of your own protocol.",
    });
  return concatBytes(...[1, 2].map((half) => hashOf("signature", half, publicKey, label, content)));
}

/** See `MlsService.verify`. */
export function verify(
  publicKey: Uint8Array,
  label: string,
  content: Uint8Array,
  signature: Uint8Array,
): boolean {
  return !RESERVED_LABELS.includes(label) && bytesEqual(sign(publicKey, label, content), signature);
}
