import { decodeKeyPackage, encodeKeyPackage, type KeyPackage } from "../ts-mls.js";
import { decodeKeyPackageJson, encodeKeyPackageJson, looksLikeJson } from "./json.js";
import type { KeyPackageEncoding } from "./key-package.js";
import { decodeKeyPackageTls, encodeKeyPackageTls } from "./tls.js";

/**
 * Reads a key package in either form.
 *
 * @returns `undefined` when the bytes are neither form, or hold a value that ts-mls cannot represent: a protocol
 *   version other than MLS 1.0 in the capabilities, a credential that is neither basic nor X.509.
 */
export function parseKeyPackage(bytes: Uint8Array): KeyPackage | undefined {
  const model = looksLikeJson(bytes) ? decodeKeyPackageJson(bytes) : decodeKeyPackageTls(bytes);
  if (model === undefined) return undefined;
  try {
    return decodeKeyPackage(encodeKeyPackageTls(model), 0)?.[0];
  } catch {
    return undefined;
  }
}

/** Writes an own key package, which both forms can represent. */
export function writeKeyPackage(keyPackage: KeyPackage, form: KeyPackageEncoding): Uint8Array {
  const tls = encodeKeyPackage(keyPackage);
  if (form === "tls") return tls;
  const model = decodeKeyPackageTls(tls);
  const json = model && encodeKeyPackageJson(model);
  if (json === undefined) throw new Error("An own key package has no JSON form.");
  return json;
}
