import { DemlsError } from "@demls/wire/core";
import type { MlsContext } from "../client/mls-context.js";
import { mlsExporter } from "../ts-mls.js";
import type { TsMlsGroup } from "./mls-group.js";

/** Most bytes of an exported secret. */
const MAX_EXPORT_BYTES = 255;

/** See {@link MlsService.exportSecret}. */
export async function exportSecret(
  { suite }: MlsContext,
  { state }: TsMlsGroup,
  label: string,
  context: Uint8Array,
  length: number,
): Promise<Uint8Array> {
  if (!Number.isInteger(length) || length < 1 || length > MAX_EXPORT_BYTES)
    throw new DemlsError("invalid-export-length", {
      message: "The length of an exported secret is out of range.",
      field: "length",
      remedy: `Pass a whole number from 1 to ${MAX_EXPORT_BYTES}.`,
    });
  return mlsExporter(state.keySchedule.exporterSecret, label, context, length, suite);
}
