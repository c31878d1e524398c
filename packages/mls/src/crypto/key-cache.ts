import { bytesToHex } from "@demls/wire/core";

/** Verification keys kept parsed: a member's is used with every message. The oldest makes room. */
const CACHED_PUBLIC_KEYS = 1024;

type ParseKey<K> = (key: Uint8Array) => K;

/** Parses each private key once for as long as somebody holds its bytes. What fails is parsed anew. */
export function cachedPrivateKeys<K>(parse: ParseKey<K>): ParseKey<K> {
  const parsed = new WeakMap<Uint8Array, K>();
  return (key) => {
    const cached = parsed.get(key);
    if (cached !== undefined) return cached;
    const fresh = parse(key);
    parsed.set(key, fresh);
    forgetFailure(fresh, () => parsed.delete(key));
    return fresh;
  };
}

/**
 * Parses each public key once, by its bytes. What fails is parsed anew. The bound takes two lines here, and lru-cache
 * would take 5.7 kB of every bundle.
 */
export function cachedPublicKeys<K>(parse: ParseKey<K>): ParseKey<K> {
  const parsed = new Map<string, K>();
  return (key) => {
    const id = bytesToHex(key);
    const cached = parsed.get(id);
    if (cached !== undefined) return cached;
    const fresh = parse(key);
    const oldest = parsed.size >= CACHED_PUBLIC_KEYS ? parsed.keys().next().value : undefined;
    if (oldest !== undefined) parsed.delete(oldest);
    parsed.set(id, fresh);
    forgetFailure(fresh, () => parsed.get(id) === fresh && parsed.delete(id));
    return fresh;
  };
}

/** WebCrypto may fail for a moment, and a member's key must not be refused for good by that. */
function forgetFailure(parsed: unknown, forget: () => void): void {
  if (parsed instanceof Promise) parsed.catch(forget);
}
