import { bytesEqual, bytesToHex } from "@demls/wire/core";

/** Number of parsed verification keys to keep: each message needs its sender's. The oldest is evicted. */
const CACHED_PUBLIC_KEYS = 1024;

type ParseKey<K> = (key: Uint8Array) => K;

/**
 * Parses each private key once, for as long as its bytes are referenced, and equal ones that follow not again: each restored
 * group has its own copy of its member's key. Failures are not cached.
 */
export function cachedPrivateKeys<K>(parse: ParseKey<K>): ParseKey<K> {
  const parsed = new WeakMap<Uint8Array, K>();
  let latest: WeakRef<Uint8Array> | undefined;
  return (key) => {
    const former = latest?.deref();
    const known = former !== undefined && bytesEqual(former, key) ? former : key;
    const cached = parsed.get(key) ?? parsed.get(known);
    if (cached !== undefined) return cached;
    const fresh = parse(key);
    parsed.set(key, fresh);
    latest = new WeakRef(key);
    forgetFailure(fresh, () => parsed.delete(key));
    return fresh;
  };
}

/**
 * Parses each public key once, keyed by its bytes. Failures are not cached. The bound takes two lines here; lru-cache
 * would add 5.7 kB to every bundle.
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

/** Drops a failed parse from the cache: a transient WebCrypto failure must not block a member's key for good. */
function forgetFailure(parsed: unknown, forget: () => void): void {
  if (parsed instanceof Promise) parsed.catch(forget);
}
