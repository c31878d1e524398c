import { hexToBytes } from "@demls/wire";
import { DemlsError } from "demls";

/** Length of every key of a chat. */
export const KEY_BYTES = 32;

/** Decodes a hex key. @throws DemlsError `identity-broken`, which names the source `from`. */
export function keyOf(text: string, from: string): Uint8Array {
  const bytes = hexToBytes(text.trim().replace(/^0x/i, ""));
  if (bytes?.length === KEY_BYTES) return bytes;
  throw new DemlsError("identity-broken", {
    message: `${from} is not a key of ${2 * KEY_BYTES} hex digits.`,
    field: "identity",
    remedy: "Give 32 random bytes in hex.",
  });
}

/** Decodes a field of a JSON object that may be a key. */
export function keyIn(
  fields: Readonly<Record<string, unknown>> | undefined,
  name: string,
): Uint8Array | undefined {
  const value = fields?.[name];
  const bytes = typeof value === "string" ? hexToBytes(value) : undefined;
  return bytes?.length === KEY_BYTES ? bytes : undefined;
}
