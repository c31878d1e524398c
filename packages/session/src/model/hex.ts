import { hexToBytes } from "@demls/wire/core";

/** Bytes of an id that this member keeps in hex. */
export function hexBytes(id: string): Uint8Array {
  return hexToBytes(id) ?? new Uint8Array(0);
}
