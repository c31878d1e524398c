import { concatBytes, DemlsError } from "@demls/wire/core";
import { hashOf } from "./fields.js";
import type { FakeGroup } from "./group.js";

/** Most bytes of an exported secret, as in `@demls/mls`. */
const MAX_EXPORT_BYTES = 255;

/** See `MlsService.exportSecret`. */
export function exportSecret(
  { state }: FakeGroup,
  label: string,
  context: Uint8Array,
  length: number,
): Uint8Array {
  if (!Number.isInteger(length) || length < 1 || length > MAX_EXPORT_BYTES)
    throw new DemlsError("invalid-export-length", {
      message: "The length of an exported secret is out of range.",
      field: "length",
      remedy: `Pass a whole number from 1 to ${MAX_EXPORT_BYTES}.`,
    });
  const block = (number: number) => hashOf("exported", state.current.secret, label, context, length, number);
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, i) => block(i));
  return concatBytes(...blocks).slice(0, length);
}
