import { createHash } from "node:crypto";
import { utf8ToBytes } from "@demls/wire";

/** File systems allow 255 bytes. A longer name is cut, and gets a hash of the whole. */
const MAX_LENGTH = 200;
const UNCUT_LENGTH = 100;

/**
 * Encodes any text as the name of a file, which differs from that of any other text also on file systems that ignore
 * case: `our garden` as `our%20garden`, `Rose` as `%52ose`. It begins with no dot and contains no separator.
 */
export function pathName(text: string): string {
  const bytes = utf8ToBytes(text);
  const name = Array.from(bytes, encodeByte).join("");
  if (name.length <= MAX_LENGTH) return name;
  return `${name.slice(0, UNCUT_LENGTH)}.${createHash("sha256").update(bytes).digest("hex")}`;
}

function encodeByte(byte: number): string {
  const character = String.fromCharCode(byte);
  return /[a-z0-9_-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
}
