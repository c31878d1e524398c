import { bytesEqual, concatBytes, utf8ToBytes } from "@demls/wire/core";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import type { JoinProbe } from "./probe.js";
import { READINESS_BYTES } from "./readiness-codec.js";

const DIGEST_PREFIX_BYTES = 16;

/** Version of a sealed readiness. */
export const VERSION = 1;

/** Length of the public start of an answer. */
export const START_BYTES = 1 + DIGEST_PREFIX_BYTES;

/** Label of a leaf's signature. */
export const SIGNATURE_LABEL = "demls readiness";
const LABEL = utf8ToBytes(`${SIGNATURE_LABEL}\0`);

/** The public start of an answer, by which a joiner finds its own: version and a prefix of the probe's digest. */
export function publicPart(digest: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(VERSION), digest.subarray(0, DIGEST_PREFIX_BYTES));
}

/** Bytes for one probe alone: those that an HPKE key schedule, a MAC or a signature covers. */
export function forProbe(digest: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  return concatBytes(LABEL, digest, ...parts);
}

/** The MAC of a member that knows the invitation's member key. */
export function memberMac(key: Uint8Array, digest: Uint8Array, content: Uint8Array): Uint8Array {
  return hmac(sha256, key, forProbe(digest, content));
}

/** Whether bytes look like an answer to this probe, which anyone can forge: only its joiner can open it. */
export function isAnswerTo(bytes: Uint8Array, { digest }: Pick<JoinProbe, "digest">): boolean {
  return bytes.length === READINESS_BYTES && bytesEqual(bytes.subarray(0, START_BYTES), publicPart(digest));
}
